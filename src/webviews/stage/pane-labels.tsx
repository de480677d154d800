/** Over each pane: what it shows, in its role's colour, and the value of the pixel under the pointer. */
import { similarityOfPixel } from '../../protocol/similarity-map';
import { count, fixed } from '../kit/format';
import type { PaneContent, StagePicture } from './panes';
import { Thumbnail, wholeOf, type DrawnPictures } from './thumbnail';
import type { Extent, Point, Rectangle } from './viewport';

interface PaneLabelsProps {
  panes: readonly PaneContent[];
  rectangles: readonly Rectangle[];
  ratio: number;
  pixel: Point | null;
  loaded: DrawnPictures;
  scene: Extent;
  gain: number;
  /** Whether Y and the hexadecimal code are told beside red, green and blue. */
  allValues: boolean;
}

export function PaneLabels(props: PaneLabelsProps) {
  return (
    <>
      {props.panes.map((pane, index) => {
        const { left, top, width } = props.rectangles[index]!;
        const style = {
          left: `${left / props.ratio}px`,
          top: `${top / props.ratio}px`,
          width: `${width / props.ratio}px`,
        };
        return (
          <div key={index} class="pane-labels" style={style} aria-hidden="true">
            <PaneLabel {...props} pane={pane} />
          </div>
        );
      })}
    </>
  );
}

function PaneLabel(props: PaneLabelsProps & { pane: PaneContent }) {
  const { pane } = props;
  switch (pane.kind) {
    case 'picture':
      return <PictureLabel {...props} picture={pane.picture} />;
    case 'split':
      return (
        <>
          <PictureLabel {...props} picture={pane.left} />
          <PictureLabel {...props} picture={pane.right} />
        </>
      );
    case 'difference':
      return (
        <span class="pane-label">
          <RoleDot picture={pane.picture} />|{pane.picture.label} − {pane.reference.label}| × {props.gain}
          <PixelValue {...props} read={(at) => differenceAt(props, pane.picture, pane.reference, at)} />
        </span>
      );
    case 'similarity':
      return <SimilarityLabel {...props} picture={pane.picture} reference={pane.reference} />;
  }
}

function PictureLabel(props: PaneLabelsProps & { picture: StagePicture }) {
  const { picture } = props;
  const isThumbnail = props.loaded.get(picture.uri) instanceof Thumbnail;
  return (
    <span class="pane-label">
      <RoleDot picture={picture} />
      <span class="pane-name">{picture.label}</span>
      {picture.detail && <span class="pane-detail">{picture.detail}</span>}
      {isThumbnail && <span class="pane-detail pane-loading">reduced, loading the rest…</span>}
      <PixelValue {...props} read={(at) => valueAt(props, picture, at)} coded={props.allValues} />
    </span>
  );
}

function SimilarityLabel(props: PaneLabelsProps & { picture: StagePicture; reference: StagePicture }) {
  const { picture, reference, pixel, loaded } = props;
  const map = wholeOf(loaded, picture.similarity ?? '');
  const inside = map && pixel && pixel.x < map.width && pixel.y < map.height;
  const value = inside ? similarityOfPixel(...map.colourAt(pixel.x, pixel.y)) : null;
  return (
    <span class="pane-label">
      <RoleDot picture={picture} />
      <span class="pane-name">
        SSIM of {picture.label} to {reference.label}
      </span>
      {picture.similarity === undefined && <span class="pane-detail">not measured</span>}
      {picture.similarity === null && <span class="pane-detail">computing…</span>}
      {value !== null && <span class="pane-value">{fixed(value, 3)}</span>}
    </span>
  );
}

function RoleDot({ picture: { role, colour = role } }: { picture: StagePicture }) {
  return <span class={`role-dot role-${colour}`} />;
}

type Colour = [red: number, green: number, blue: number];

function PixelValue(props: { pixel: Point | null; read: (at: Point) => Colour | null; coded?: boolean }) {
  const value = props.pixel && props.read(props.pixel);
  if (!value) return null;
  const [red, green, blue] = value.map((channel) => count(channel).padStart(3));
  return (
    <span class="pane-value">
      {`R ${red} G ${green} B ${blue}`}
      {props.coded && ` Y ${fixed(luma(value), 1).padStart(5)} ${hex(value)}`}
    </span>
  );
}

/** ITU-R BT.601 in studio range, 16 to 235: what PSNR is taken on. */
function luma([red, green, blue]: Colour): number {
  return 16 + (65.481 * red + 128.553 * green + 24.966 * blue) / 255;
}

function hex(colour: Colour): string {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** The value of the picture's pixel that covers a scene pixel; null where it has not come, or covers nothing. */
function valueAt(props: PaneLabelsProps, { uri, tiles, extent }: StagePicture, at: Point): Colour | null {
  const source = tiles ?? wholeOf(props.loaded, uri);
  if (!source) return null;
  const { width, height } = source;
  const cover = extent ?? props.scene;
  const x = Math.floor(((at.x + 0.5) * width) / cover.width);
  const y = Math.floor(((at.y + 0.5) * height) / cover.height);
  return x < width && y < height ? source.colourAt(x, y) : null;
}

/** Signed, as the picture's enlarged absolute one does not tell the direction. */
function differenceAt(props: PaneLabelsProps, a: StagePicture, b: StagePicture, at: Point): Colour | null {
  const first = valueAt(props, a, at);
  const second = valueAt(props, b, at);
  return first && second && [first[0] - second[0], first[1] - second[1], first[2] - second[2]];
}
