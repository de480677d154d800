/** What is compared with what, and how: the reference, the protocol with its border, and what becomes of smaller pictures. */
import { comparisonProtocols, MOST_BORDER, type ComparisonProtocol } from '../../protocol/comparison-choices';
import { Dropdown, Segmented } from '../kit/controls';
import { NumberInput } from '../kit/number-input';
import { page, pictures, reference, trusted, update } from './compare-images-state';

const protocolLabels: Readonly<Record<ComparisonProtocol, string>> = {
  y: 'Y: PSNR and SSIM on luma',
  srgan: 'SRGAN: luma, Daala’s SSIM',
  rgb: 'RGB: all channels',
};

export function Choices() {
  const list = pictures.value ?? [];
  const smaller = list.some(({ alignment }) => alignment?.kind === 'smaller');
  const { protocol, border, enlarge } = page.value;
  return (
    <div class="compare-images-choices" role="toolbar" aria-label="What is compared, and how">
      {list.length > 1 && (
        <label class="compare-images-choice">
          <span class="muted">Reference</span>
          <Dropdown
            label="Reference, which the others are compared with"
            choices={list.map(({ id, name }) => ({ value: id, label: name }))}
            value={reference.value?.id ?? ''}
            onChange={(id) => {
              update({ reference: id });
            }}
          />
        </label>
      )}
      {trusted.value && (
        <>
          <label class="compare-images-choice">
            <span class="muted">Protocol</span>
            <Dropdown
              class="compare-images-protocol"
              label="Protocol that figures are measured under"
              choices={comparisonProtocols.map((name) => ({ value: name, label: protocolLabels[name] }))}
              value={protocol}
              onChange={(name) => {
                update({ protocol: name });
              }}
            />
          </label>
          <label class="compare-images-choice" title="Papers leave out as many pixels as the scale">
            <span class="muted">Border</span>
            <NumberInput
              label="Pixels left out at each side"
              value={border}
              min={0}
              max={MOST_BORDER}
              step={1}
              onChange={(pixels) => {
                if (pixels !== null && Number.isInteger(pixels) && pixels >= 0 && pixels <= MOST_BORDER)
                  update({ border: pixels });
              }}
            />
          </label>
        </>
      )}
      {smaller && trusted.value && (
        <span class="compare-images-choice">
          <span class="muted">Smaller pictures</span>
          <Segmented
            label="Smaller pictures"
            choices={[
              { value: 'squares', label: 'Squares', title: 'Each pixel as a square; not measured' },
              { value: 'bicubic', label: 'Bicubic', title: 'Enlarged by bicubic imresize, and measured so' },
            ]}
            value={enlarge ? 'bicubic' : 'squares'}
            onChange={(value) => {
              update({ enlarge: value === 'bicubic' });
            }}
          />
        </span>
      )}
    </div>
  );
}
