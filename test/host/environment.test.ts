/** What every other test here relies on: a real extension host on Node.js, in which this extension is known. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

describe('The extension host', () => {
  it('runs in Node.js, with a folder open', () => {
    assert.equal(vscode.env.uiKind, vscode.UIKind.Web);
    assert.equal(vscode.workspace.workspaceFolders?.length, 1);
    assert.match(process.version, /^v\d+\./);
  });

  it('knows this extension', () => {
    assert.ok(vscode.extensions.getExtension('srgan-lab.srgan-lab'));
  });
});
