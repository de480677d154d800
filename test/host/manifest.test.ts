/** package.json against the code: what is declared exists, and what exists is declared. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import packageJson from '../../package.json';
import { commandIds } from '../../src/extension/command-ids';
import {
  convolutionMethods,
  defaultEngineSettings,
  MAX_THREADS,
  MIN_GPU_MEMORY_MB,
} from '../../src/protocol/engine-settings';
import { pictureFormats } from '../../src/protocol/picture-formats';
import { engineChoices } from '../../src/protocol/run-configuration';
import { extensionUnderTest } from './support/lab';

const { contributes } = packageJson;

describe('The manifest', () => {
  let root = '';
  before(async () => {
    root = (await extensionUnderTest()).extensionPath;
  });

  it('declares exactly the commands that there are', async () => {
    const declared = contributes.commands.map(({ command }) => command).sort();
    assert.deepEqual(declared, [...commandIds].sort());
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      declared.filter((command) => !registered.has(command)),
      [],
    );
  });

  it('names only declared commands in menus, welcome texts and the walkthrough', () => {
    const text = JSON.stringify([contributes.menus, contributes.viewsWelcome, contributes.walkthroughs]);
    const named = [...text.matchAll(/srganLab\.\w+(?=[")\]])/g)].map(([name]) => name);
    const views = contributes.views.srganLab.map(({ id }) => id);
    const contexts = [
      'srganLab.hasDatasets',
      'srganLab.hasRuns',
      'srganLab.hasRunning',
      'srganLab.hasWaiting',
      'srganLab.hasResumable',
    ];
    const known = new Set<string>([
      ...commandIds,
      ...views,
      ...contexts,
      'srganLab.run',
      'srganLab.dataset',
      'srganLab.preview',
    ]);
    assert.deepEqual(
      named.filter((name) => !known.has(name)),
      [],
    );
  });

  it('gives every command a title in the category of the lab', () => {
    for (const { command, title, category } of contributes.commands) {
      assert.equal(category, 'SRGAN Lab', command);
      assert.ok(title.length > 3, command);
    }
  });

  it('offers the engines that a configuration may name', () => {
    const { enum: offered, enumDescriptions } = contributes.configuration.properties['srganLab.engine'];
    assert.deepEqual(offered, [...engineChoices]);
    assert.equal(enumDescriptions.length, offered.length);
  });

  it('offers the settings of the engines with the defaults and limits of a configuration', () => {
    const { properties } = contributes.configuration;
    const { embedded } = defaultEngineSettings;
    assert.deepEqual(properties['srganLab.embedded.convolutions'].enum, [...convolutionMethods]);
    assert.equal(properties['srganLab.embedded.convolutions'].default, embedded.convolutions);
    assert.equal(properties['srganLab.embedded.wideVectors'].default, embedded.wideVectors);
    assert.deepEqual(properties['srganLab.embedded.wideVectors'].enum, ['auto', 'on', 'off']);
    assert.equal(properties['srganLab.embedded.threads'].maximum, MAX_THREADS);
    assert.equal(properties['srganLab.native.gpuMemory'].minimum, MIN_GPU_MEMORY_MB);
    assert.equal(properties['srganLab.native.bfloat16'].default, defaultEngineSettings.native.bfloat16);
  });

  it('offers the formats that pictures are written in', () => {
    const { enum: offered, default: usual } = contributes.configuration.properties['srganLab.upscale.format'];
    assert.deepEqual([offered, usual], [[...pictureFormats], pictureFormats[0]]);
  });

  it('starts by a path where new runs are made: VS Code looks for patterns later, and a run that trains is shown later, too', () => {
    const { default: folder } = contributes.configuration.properties['srganLab.runsFolder'];
    assert.ok(packageJson.activationEvents.includes(`workspaceContains:${folder}`));
  });

  it('refers to files that are there', () => {
    const pictures = contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg));
    const schemas = contributes.jsonValidation.map(({ url }) => url);
    const icons = [packageJson.icon, ...contributes.viewsContainers.activitybar.map(({ icon }) => icon)];
    const pages = contributes.customEditors.flatMap(({ viewType }) => {
      const name = viewType.replace('srganLab.', '');
      return [`dist/webviews/${name}.js`, `dist/webviews/${name}.css`];
    });
    for (const file of [packageJson.main, ...pictures, ...schemas, ...icons, ...pages])
      assert.ok(existsSync(join(root, file)), file);
  });

  it('completes and checks the marker files with their schemas', () => {
    for (const { url } of contributes.jsonValidation) {
      const schema: unknown = JSON.parse(readFileSync(join(root, url), 'utf8'));
      assert.ok(typeof schema === 'object' && schema !== null && 'properties' in schema, url);
    }
  });
});
