/**
 * What a camera wrote into a picture, as a person reads it. EXIF is a TIFF without pixels: directories of tags, each with a
 * type and values. Damaged directories give what could be read. Source: CIPA DC-008, "Exif Version 2.32", section 4.6.
 */

export interface ExifField {
  readonly name: string;
  readonly value: string;
}

type Value = string | number[];
type Directory = ReadonlyMap<number, Value>;

const EXIF_DIRECTORY = 0x8769;
const GPS_DIRECTORY = 0x8825;
/** A directory of more entries is no directory; more values than this in an entry are none for people. */
const MOST_ENTRIES = 512;
const MOST_VALUES = 4096;

/** @param block with or without the `Exif\0\0` that JPEG puts before it */
export function readExif(block: Uint8Array): ExifField[] {
  const bytes = startsWithName(block) ? block.subarray(6) : block;
  const reader = openReader(bytes);
  if (reader === undefined) return [];
  const main = reader.directory(reader.first);
  const camera = reader.directory(offsetIn(main, EXIF_DIRECTORY));
  const place = reader.directory(offsetIn(main, GPS_DIRECTORY));
  const fields: [string, string | undefined][] = [
    ['Camera', cameraOf(main)],
    ['Lens', text(camera, 0xa434)],
    ['Taken', dateOf(text(camera, 0x9003) ?? text(main, 0x0132))],
    ['Exposure', exposureOf(number(camera, 0x829a))],
    ['Aperture', prefixed('f/', known(number(camera, 0x829d)))],
    ['Sensitivity', prefixed('ISO ', known(number(camera, 0x8827)))],
    ['Focal length', suffixed(known(number(camera, 0x920a)), ' mm')],
    ['Exposure bias', suffixed(number(camera, 0x9204), ' EV')],
    ['Flash', flashOf(number(camera, 0x9209))],
    ['Software', text(main, 0x0131)],
    ['Description', text(main, 0x010e)],
    ['Artist', text(main, 0x013b)],
    ['Copyright', text(main, 0x8298)],
    ['Place', placeOf(place)],
  ];
  return fields.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

function startsWithName(block: Uint8Array): boolean {
  return String.fromCharCode(...block.subarray(0, 4)) === 'Exif';
}

interface ExifReader {
  readonly first: number;
  /** Empty for no offset, or one that leads nowhere. */
  directory(offset: number | undefined): Directory;
}

function openReader(bytes: Uint8Array): ExifReader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) return undefined;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  const little = order === 0x4949;
  const directory = (offset: number | undefined): Directory => {
    const tags = new Map<number, Value>();
    try {
      const count = offset === undefined ? 0 : view.getUint16(offset, little);
      for (let entry = 0; entry < Math.min(count, MOST_ENTRIES); entry++) {
        const at = offset! + 2 + 12 * entry;
        const value = readValue(view, at, little);
        if (value !== undefined) tags.set(view.getUint16(at, little), value);
      }
    } catch (error) {
      // Cut short: what was read up to there holds.
      if (!(error instanceof RangeError)) throw error;
    }
    return tags;
  };
  return { first: view.getUint32(4, little), directory };
}

/** Bytes of a value of types 1 (BYTE) to 10 (SRATIONAL). */
const sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8];

function readValue(view: DataView, entry: number, little: boolean): Value | undefined {
  const type = view.getUint16(entry + 2, little);
  const count = view.getUint32(entry + 4, little);
  const size = sizes[type];
  if (size === undefined || size === 0 || count === 0 || count > MOST_VALUES) return undefined;
  const at = size * count <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
  // A value that lies outside is left out, and its directory goes on.
  if (at + size * count > view.byteLength) return undefined;
  if (type === 2) {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at, count);
    return new TextDecoder().decode(bytes).replace(/\0.*$/s, '').trim();
  }
  return Array.from({ length: count }, (_, index) => readNumber(view, at + index * size, type, little));
}

function readNumber(view: DataView, at: number, type: number, little: boolean): number {
  switch (type) {
    case 3:
      return view.getUint16(at, little);
    case 4:
      return view.getUint32(at, little);
    case 5:
      return view.getUint32(at, little) / view.getUint32(at + 4, little);
    case 8:
      return view.getInt16(at, little);
    case 9:
      return view.getInt32(at, little);
    case 10:
      return view.getInt32(at, little) / view.getInt32(at + 4, little);
    default:
      return view.getUint8(at);
  }
}

function text(directory: Directory, tag: number): string | undefined {
  const value = directory.get(tag);
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined;
}

function numbers(directory: Directory, tag: number): number[] | undefined {
  const value = directory.get(tag);
  return Array.isArray(value) && value.every(Number.isFinite) ? value : undefined;
}

function number(directory: Directory, tag: number): number | undefined {
  return numbers(directory, tag)?.[0];
}

/** A lens that tells the camera nothing gives zeros. */
function known(value: number | undefined): number | undefined {
  return value === 0 ? undefined : value;
}

function offsetIn(directory: Directory, tag: number): number | undefined {
  return number(directory, tag);
}

/** Makers often repeat their name in the model's. */
function cameraOf(main: Directory): string | undefined {
  const [maker, model] = [text(main, 0x010f), text(main, 0x0110)];
  if (maker === undefined || model === undefined) return model ?? maker;
  return model.toLowerCase().startsWith(maker.toLowerCase()) ? model : `${maker} ${model}`;
}

/** `2024:05:01 12:30:00` → `2024-05-01 12:30:00`. */
function dateOf(date: string | undefined): string | undefined {
  return date?.replace(/^(\d{4}):(\d\d):(\d\d)/, '$1-$2-$3');
}

function exposureOf(seconds: number | undefined): string | undefined {
  if (seconds === undefined || seconds <= 0) return undefined;
  return seconds < 0.3 ? `1/${Math.round(1 / seconds)} s` : `${round(seconds)} s`;
}

function flashOf(flash: number | undefined): string | undefined {
  if (flash === undefined) return undefined;
  return (flash & 1) === 1 ? 'fired' : 'did not fire';
}

/** Degrees with a sign, north and east positive. */
function placeOf(directory: Directory): string | undefined {
  const [latitude, longitude] = [degrees(directory, 1, 'S'), degrees(directory, 3, 'W')];
  if (latitude === undefined || longitude === undefined) return undefined;
  return `${latitude.toFixed(5)}°, ${longitude.toFixed(5)}°`;
}

function degrees(directory: Directory, tag: number, negative: string): number | undefined {
  const [whole, minutes = 0, seconds = 0] = numbers(directory, tag + 1) ?? [];
  if (whole === undefined) return undefined;
  return (text(directory, tag) === negative ? -1 : 1) * (whole + minutes / 60 + seconds / 3600);
}

function prefixed(before: string, value: number | undefined): string | undefined {
  return value === undefined ? undefined : before + round(value);
}

function suffixed(value: number | undefined, after: string): string | undefined {
  return value === undefined ? undefined : round(value) + after;
}

function round(value: number): string {
  return String(Number(value.toPrecision(4))).replace('-', '−');
}
