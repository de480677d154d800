/** What the features of the extension share. It is made once, by `activate`, and handed to each of them. */
import type * as vscode from 'vscode';
import type { EngineDoctor } from './engines/doctor';
import type { LabIndex } from './lab/lab-index';
import type { CompareImagesPages } from './pages/compare-images-page';
import type { ComparePages } from './pages/compare-page';
import type { EnginesPage } from './pages/engines-page';
import type { OpenPages } from './pages/open-pages';
import type { CommandLine } from './process/command-line';

export interface Lab {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly index: LabIndex;
  readonly commandLine: CommandLine;
  readonly openPages: OpenPages;
  readonly doctor: EngineDoctor;
  readonly enginesPage: EnginesPage;
  readonly comparePages: ComparePages;
  readonly compareImagesPages: CompareImagesPages;
}
