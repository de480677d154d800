/** A preview of a photograph without VS Code: what the process of the previews says of it, recorded as the host would tell it. */
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PictureServer } from '../../../src/cli/picture-server';
import { defaultEngineSettings } from '../../../src/protocol/engine-settings';
import type { PreviewAnswer, PreviewRequest } from '../../../src/protocol/preview';
import type { PreviewChoice } from '../../../src/protocol/preview-page';

interface Told {
  name: string;
  payload: unknown;
}

const choices: PreviewChoice[] = [
  {
    id: '/lab/runs/photos/model',
    label: 'photos-quick',
    detail: '×4 · +0.41 dB · runs/photos-quick/model',
    enlarger: { kind: 'model', folder: '/lab/runs/photos/model' },
  },
  {
    id: 'lanczos3 4',
    label: 'lanczos3 ×4',
    detail: 'interpolation, no model',
    enlarger: { kind: 'kernel', kernel: 'lanczos3', scale: 4 },
  },
];

/**
 * @param parts how many parts have come; all if not given, and none with 0: the picture alone
 */
export async function trialPicture(photo: string, files: string, parts = Infinity): Promise<Told[]> {
  await mkdir(files, { recursive: true });
  const name = basename(photo);
  await copyFile(photo, join(files, name));
  const answers: PreviewAnswer[] = [];
  const server = new PictureServer((answer) => answers.push(answer), {
    settings: () => defaultEngineSettings,
  });
  const ask = (request: PreviewRequest): void => {
    server.ask(request);
  };
  ask({ do: 'describe', id: 1, path: photo });
  ask({ do: 'count', id: 2, path: photo });
  const view = { left: 0, top: 0, width: 1e5, height: 1e5 };
  const enlarger = { kind: 'kernel', kernel: 'lanczos3', scale: 4 } as const;
  if (parts > 0) ask({ do: 'enlarge', id: 3, path: photo, enlarger, view, folder: files });
  await server.idle();
  await server.close();
  const version = 1;
  const told: Told[] = [
    { name: 'file', payload: { name, folder: dirname(photo), uri: `files/${name}`, version } },
    { name: 'choices', payload: { choices, trusted: true } },
  ];
  let come = 0;
  for (const answer of answers) {
    if ('facts' in answer) told.push({ name: 'facts', payload: { version, facts: answer.facts } });
    else if ('histogram' in answer)
      told.push({ name: 'histogram', payload: { version, histogram: answer.histogram } });
    else if ('enlargement' in answer)
      told.push({ name: 'enlargement', payload: { version, enlargement: answer.enlargement } });
    else if ('part' in answer && ++come <= parts) {
      const { part, done, secondsLeft } = answer;
      const shown = { ...part, result: `files/${part.result}` };
      told.push({ name: 'part', payload: { version, part: shown, done, secondsLeft } });
    } else if ('ended' in answer && come <= parts)
      told.push({ name: 'ended', payload: { version, how: answer.ended } });
  }
  return told;
}

/** A large picture as the host tells of it at first: a thumbnail has come, and not even the address of the picture. */
export async function trialThumbnail(photo: string): Promise<Told[]> {
  const answers: PreviewAnswer[] = [];
  const server = new PictureServer((answer) => answers.push(answer), {
    settings: () => defaultEngineSettings,
  });
  server.ask({ do: 'describe', id: 1, path: photo });
  server.ask({ do: 'thumbnail', id: 2, path: photo });
  await server.idle();
  await server.close();
  const version = 1;
  const told: Told[] = [
    { name: 'file', payload: { name: basename(photo), folder: dirname(photo), uri: null, version } },
    { name: 'choices', payload: { choices, trusted: true } },
  ];
  for (const answer of answers) {
    if ('facts' in answer) told.push({ name: 'facts', payload: { version, facts: answer.facts } });
    else if ('thumbnail' in answer) {
      const facts = answers.find((each) => 'facts' in each)!.facts;
      const { width, height } = facts;
      told.push({ name: 'thumbnail', payload: { version, thumbnail: answer.thumbnail, width, height } });
    }
  }
  return told;
}
