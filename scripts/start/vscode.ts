/** The VS Code that `npm start` serves: the extension packaged and installed as users get it, behind a token. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json';
import { openForPerson } from '../lib/browser';
import { ensureVscode } from '../lib/ensure-vscode';
import { inProject, say } from '../lib/project';
import { installExtension, startVscodeServer, type VscodeServer } from '../lib/vscode-server';
import { makePackage } from '../package';

/** What a newcomer's window should look like: the lab, and nothing in its way. */
const settings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'extensions.ignoreRecommendations': true,
};

const folders = {
  dataFolder: inProject('.lab', 'vscode', 'data'),
  extensionsFolder: inProject('.lab', 'vscode', 'extensions'),
};

/** Packages and installs the extension. Returns the folder it was installed to. */
export async function installLab(): Promise<string> {
  const vscode = await ensureVscode();
  const { file } = await makePackage(inProject('.lab', `${packageJson.name}.vsix`));
  say('Installing the extension in VS Code …');
  await rm(folders.extensionsFolder, { recursive: true, force: true });
  await installExtension(vscode, file, folders);
  const prefix = `${packageJson.publisher}.${packageJson.name}-`;
  const name = readdirSync(folders.extensionsFolder).find((entry) => entry.startsWith(prefix));
  if (name === undefined || !existsSync(join(folders.extensionsFolder, name, 'dist', 'cli.js'))) {
    throw new Error(`VS Code did not install the extension into ${folders.extensionsFolder}.`);
  }
  return join(folders.extensionsFolder, name);
}

/** Serves VS Code on `workspace`, prints the address and opens it where there is a browser. */
export async function serveVscode(workspace: string): Promise<VscodeServer> {
  const server = await startVscodeServer(await ensureVscode(), {
    ...folders,
    settings,
    token: randomBytes(24).toString('hex'),
  });
  const address = server.address(workspace);
  console.log(`\n  VS Code with SRGAN Lab:  ${address}\n`);
  openForPerson(address);
  return server;
}
