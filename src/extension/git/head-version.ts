/**
 * A file as git's HEAD has it: read with the git that VS Code's own extension uses, in the file's folder, so that it does not
 * matter which repositories that extension has opened. Every reason why there is none is said in words.
 */
import { spawn } from 'node:child_process';
import { mkdir, open, rename, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import * as vscode from 'vscode';
import { hasCode, LabError } from '../../folders/lab-error';

/** What is used of the API of the extension `vscode.git` (its git.d.ts, version 1). */
interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): { readonly git: { readonly path: string } };
}

export interface HeadVersion {
  /** Name of the content in git: another content, another name. */
  readonly blob: string;
  /** File that changes, or comes to be, when HEAD moves. */
  readonly follow: string;
}

/** Regular files, executable or not; links and submodules have other modes. */
const FILE_MODES = ['100644', '100755'];
const POINTER = 'version https://git-lfs.github.com/spec/';
const LARGEST_POINTER = 1024;

/** What HEAD has for the file, which itself may be gone. Throws a `LabError` that says why there is no picture. */
export async function findHeadVersion(path: string): Promise<HeadVersion> {
  const folder = dirname(path);
  const git = await gitExecutable();
  await checkFolder(folder, path);
  const run = (...args: string[]): Promise<Ending> => runGit(git, folder, args);

  const repository = await run('rev-parse', '--show-toplevel');
  if (repository.code !== 0) {
    throw new LabError(
      /not a git repository/i.test(repository.stderr)
        ? `${path} is in no git repository, so there is no version to compare it with.`
        : `git cannot read the repository of ${path}: ${firstLine(repository.stderr)}`,
    );
  }
  const head = await run('rev-parse', '--verify', '--quiet', 'HEAD^{commit}');
  if (head.code !== 0) {
    throw new LabError(`${path}: its git repository has no commit yet, so there is no HEAD to compare with.`);
  }
  const listed = await run('ls-tree', '-z', 'HEAD', '--', `./${basename(path)}`);
  const [, mode, kind, blob] = /^(\d+) (\w+) ([0-9a-f]+)\t/.exec(listed.stdout) ?? [];
  if (mode === undefined || blob === undefined) {
    throw new LabError(
      `${path} is not in git’s HEAD: it is new, or was renamed since. Commit it, and compare what comes after.`,
    );
  }
  if (kind !== 'blob' || !FILE_MODES.includes(mode)) {
    throw new LabError(`${path} is no file in git’s HEAD, but a link, a folder or a submodule.`);
  }
  const size = await run('cat-file', '-s', blob);
  if (Number(size.stdout) <= LARGEST_POINTER) {
    const { stdout } = await run('cat-file', 'blob', blob);
    if (stdout.startsWith(POINTER)) {
      throw new LabError(
        `${path} is kept in Git LFS: HEAD has only a pointer to it, not the picture. Check that version out beside it, and compare the two files.`,
      );
    }
  }
  const log = await run('rev-parse', '--git-path', 'logs/HEAD');
  return { blob, follow: resolve(folder, log.stdout.trim()) };
}

/**
 * Writes the version into `folder`, once, under the name of the file. Returns the new file. Throws a `LabError` if git cannot
 * read it.
 */
export async function writeHeadVersion(path: string, { blob }: HeadVersion, folder: string): Promise<string> {
  const target = join(folder, blob, basename(path));
  if (await exists(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const unfinished = `${target}.unfinished`;
  const git = await gitExecutable();
  const file = await open(unfinished, 'w');
  try {
    const { code, stderr } = await runGit(git, dirname(path), ['cat-file', 'blob', blob], file.fd);
    if (code !== 0) {
      throw new LabError(`git cannot read the version of ${path} in HEAD: ${firstLine(stderr)}`);
    }
  } finally {
    await file.close();
  }
  await rename(unfinished, target);
  return target;
}

/** The executable that VS Code's git extension has found; `git` where that extension is off. */
async function gitExecutable(): Promise<string> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (extension === undefined) return 'git';
  const git = extension.isActive ? extension.exports : await extension.activate();
  return git.enabled ? git.getAPI(1).git.path : 'git';
}

async function checkFolder(folder: string, path: string): Promise<void> {
  if (!(await exists(folder))) throw new LabError(`The folder of ${path} is gone.`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}

interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param out file descriptor that stdout goes to; else it is kept as text */
async function runGit(git: string, folder: string, args: readonly string[], out?: number): Promise<Ending> {
  const child = spawn(git, args, {
    cwd: folder,
    // Words that can be told apart, and no locks for a look.
    env: { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' },
    stdio: ['ignore', out ?? 'pipe', 'pipe'],
    windowsHide: true,
  });
  const ended = new Promise<number | null>((settle, reject) => {
    child.once('error', (error) => {
      reject(
        new LabError(
          hasCode(error, 'ENOENT')
            ? 'git was not found. Install it, or name it in the setting git.path.'
            : `git could not be started: ${error.message}`,
        ),
      );
    });
    child.once('close', settle);
  });
  const [code, stdout, stderr] = await Promise.all([
    ended,
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

function firstLine(words: string): string {
  return words.trim().split('\n')[0] ?? '';
}
