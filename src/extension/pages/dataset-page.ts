/** The data set page as an editor. What it shows comes from `DatasetSession`, what its buttons do from `datasetRequests`. */
import * as vscode from 'vscode';
import { bundlePath } from '../../folders/installation';
import type { DatasetPageContract } from '../../protocol/dataset-page';
import type { Lab } from '../lab';
import { datasetRequests } from './dataset-requests';
import { DatasetSession } from './dataset-session';
import { DatasetWorks } from './dataset-work';
import { registerPage } from './page-editor';
import { SampleServer } from './sample-server';

export function registerDatasetPage(lab: Lab): vscode.Disposable {
  const works = new DatasetWorks(lab.commandLine);
  const previews = new SampleServer(bundlePath('cli.js'), lab.log);
  const page = registerPage<DatasetPageContract>(lab, {
    name: 'dataset',
    handlers: (folder) => datasetRequests({ lab, folder, works, previews }),
    open: (folder, webview, host) => {
      const session = new DatasetSession({ folder, webview, host, works });
      // The preview's process ends with the last page that can ask it.
      return vscode.Disposable.from(session, previews.use());
    },
  });
  return vscode.Disposable.from(page, works);
}
