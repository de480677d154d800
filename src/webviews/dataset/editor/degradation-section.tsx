/** How LR is made of HR: in words, and opened as an editor with a live preview on the selected image. */
import { useEffect } from 'preact/hooks';
import {
  degradationPresetNames,
  presetStages,
  type DegradationPresetName,
} from '../../../protocol/degradation-presets';
import { degradationSchema, type Degradation } from '../../../protocol/degradation';
import { degradationInWords } from '../../../protocol/degradation-words';
import type { DatasetHeader, DatasetPageImage } from '../../../protocol/dataset-page';
import { cellOf } from '../../kit/cell';
import { Button, Segmented } from '../../kit/controls';
import { seconds } from '../../kit/format';
import { Notice } from '../../kit/states';
import { Stage } from '../../stage/stage';
import { attempt, host, page, work } from '../dataset-page-state';
import { cropAbout } from './crop';
import { checkDraft, draftOf, isDraft, sameDegradation, type Draft } from './draft';
import { NumberInput } from '../../kit/number-input';
import { SelectInput } from './fields';
import { preview, previewPending, previewProblem, wishPreview } from './preview';
import { StageList } from './stage-list';

const stageCell = cellOf(page, 'previewStage');
const NONE: ReadonlyMap<string, string> = new Map();

interface Props {
  header: DatasetHeader;
  image: DatasetPageImage | undefined;
}

export function DegradationSection({ header, image }: Props) {
  const open = page.value.editorOpen;
  return (
    <section id="degradation" class="section" aria-label="Degradation">
      <div class="section-header">
        <h2>Degradation</h2>
        {!header.adopted && (
          <Button
            icon={open ? 'close' : 'edit'}
            expanded={open}
            onPress={() => {
              page.value = { ...page.value, editorOpen: !open };
            }}
          >
            {open ? 'Close the editor' : 'Edit with preview'}
          </Button>
        )}
      </div>
      <p>
        {header.adopted
          ? 'The LR images were adopted as they are, so there is nothing to change here.'
          : `LR now: ${degradationInWords(header.degradation)}.`}
      </p>
      {open && !header.adopted && <Editor header={header} image={image} />}
    </section>
  );
}

function Editor({ header, image }: Props) {
  const kept = page.value.draft;
  const draft = isDraft(kept) ? kept : draftOf(header.degradation);
  const { degradation, problems } = checkDraft(draft);
  const change = (now: Partial<Draft>) => {
    page.value = { ...page.value, draft: { ...draft, ...now } };
  };
  return (
    <div class="editor">
      <div class="editor-form">
        <Toolbar header={header} draft={draft} degradation={degradation} onChange={change} />
        <StageList
          stages={draft.stages}
          problems={degradation === null ? problems : NONE}
          place="stages"
          onChange={(stages) => {
            change({ stages });
          }}
        />
        <LastResizing draft={draft} onChange={change} />
      </div>
      <Preview header={header} image={image} degradation={degradation} />
    </div>
  );
}

interface ToolbarProps {
  header: DatasetHeader;
  draft: Draft;
  /** Null while something in it is wrong. */
  degradation: Degradation | null;
  onChange: (change: Partial<Draft>) => void;
}

type Beginning = DegradationPresetName | 'none';
const beginnings: { value: Beginning; label: string }[] = [
  { value: 'none', label: 'Start from …' },
  ...degradationPresetNames.map((name) => ({
    value: name,
    label: { bicubic: 'Bicubic alone', 'real-esrgan': 'Real-ESRGAN’s chain' }[name],
  })),
];

function Toolbar({ header, draft, degradation, onChange }: ToolbarProps) {
  const unchanged = degradation !== null && sameDegradation(degradation, header.degradation);
  return (
    <div class="editor-toolbar" role="toolbar" aria-label="Degradation editor">
      <SelectInput
        label="Start from a preset"
        choices={beginnings}
        value="none"
        onChange={(name) => {
          const preset = degradationPresetNames.find((known) => known === name);
          if (preset) onChange({ stages: presetStages(preset).map((stage) => ({ ...stage })) });
        }}
      />
      <label class="field">
        <span class="field-label" title="Of everything that is drawn">
          Seed
        </span>
        <NumberInput
          label="Seed"
          value={draft.seed}
          min={0}
          max={0xffffffff}
          step={1}
          onChange={(seed) => {
            onChange({ seed });
          }}
        />
      </label>
      <Button
        icon="debug-restart"
        title="Draw anew, with the next seed"
        disabled={draft.stages.length === 0}
        onPress={() => {
          onChange({ seed: typeof draft.seed === 'number' ? (draft.seed + 1) % 2 ** 32 : 0 });
        }}
      >
        Another draw
      </Button>
      <span class="editor-decision">
        <Button
          icon="discard"
          disabled={unchanged}
          title="Back to what the data set is made with"
          onPress={() => {
            page.value = { ...page.value, draft: null };
          }}
        >
          Reset
        </Button>
        <Button
          appearance="primary"
          icon="check"
          disabled={unchanged || degradation === null || work.value !== null}
          onPress={() => {
            if (degradation) void apply(degradation);
          }}
        >
          Apply…
        </Button>
      </span>
    </div>
  );
}

/** The host asks first. */
async function apply(degradation: Degradation): Promise<void> {
  const done = await attempt(host.request('applyDegradation', { degradation }, { timeout: null }));
  if (done === true) page.value = { ...page.value, draft: null };
}

const { kernel, convention } = degradationSchema.shape;
const kernels = kernel.options.map((value) => ({ value, label: value }));
const conventionLabels: Record<Degradation['convention'], string> = {
  double: 'double precision, rounded once',
  'uint8-symmetric': '8 bits between passes, mirrored borders',
  'uint8-clamped': '8 bits between passes, clamped borders',
};
const conventions = convention.options.map((value) => ({ value, label: conventionLabels[value] }));

function LastResizing({ draft, onChange }: Pick<ToolbarProps, 'draft' | 'onChange'>) {
  return (
    <div class="stage-card stage-last" role="group" aria-label="Last: resizing to the LR size">
      <div class="stage-card-head">
        <strong>Last: to the LR size, as MATLAB’s imresize</strong>
      </div>
      <div class="stage-fields">
        <div class="field">
          <span class="field-label">Kernel</span>
          <SelectInput
            label="Kernel"
            choices={kernels}
            value={draft.kernel}
            onChange={(value) => {
              onChange({ kernel: value });
            }}
          />
        </div>
        <div class="field">
          <span class="field-label">Rounding</span>
          <SelectInput
            label="Rounding and borders"
            choices={conventions}
            value={draft.convention}
            onChange={(value) => {
              onChange({ convention: value });
            }}
          />
        </div>
        <div class="field">
          <span class="field-label">Antialiased</span>
          <input
            type="checkbox"
            aria-label="Antialiased"
            checked={draft.antialias}
            onChange={(event) => {
              onChange({ antialias: event.currentTarget.checked });
            }}
          />
        </div>
      </div>
    </div>
  );
}

const sides = [128, 256, 512].map((side) => ({
  value: String(side),
  label: `${side} px`,
  title: `A part of ${side}×${side} pixels of HR`,
}));

function Preview({ header, image, degradation }: Props & { degradation: Degradation | null }) {
  const { previewSide, stage } = page.value;
  const crop = image && cropAbout(image, stage.view, previewSide);
  const key = JSON.stringify([image?.name, image?.version, crop, degradation]);
  useEffect(() => {
    if (image && crop && degradation) wishPreview({ header, image, crop, degradation });
  }, [key]);
  const shown = preview.value;
  if (!image) return <p class="muted">There is no image to show it on.</p>;
  return (
    <section class="editor-preview" aria-label="Preview" aria-busy={previewPending.value}>
      <div class="section-header">
        <h3>Preview on {image.name}</h3>
        <Segmented
          label="Size of the part"
          choices={sides}
          value={String(previewSide)}
          onChange={(side) => {
            page.value = { ...page.value, previewSide: Number(side) };
          }}
        />
      </div>
      {previewProblem.value !== null && <Notice severity="error">{previewProblem.value}</Notice>}
      {degradation === null && (
        <Notice severity="warning">Something above is not valid; the preview shows what was before.</Notice>
      )}
      {shown && <Stage name={`Preview on ${image.name}`} pictures={shown.pictures} state={stageCell} />}
      {shown && (
        <div class="preview-words" role="status">
          <p class="muted">
            {shown.operations.length === 0
              ? 'Nothing before the last resizing.'
              : `Drawn for this image, in this order (${seconds(shown.seconds)}):`}
          </p>
          <ol>
            {shown.operations.map((words, index) => (
              <li key={index}>{words}</li>
            ))}
          </ol>
        </div>
      )}
      <p class="muted footnote">
        Shown is the part in the middle of the pictures at the top; move them to see another. On the whole
        image noise falls on other pixels.
      </p>
    </section>
  );
}
