/** The Engine Doctor's page: one a window, no file behind it; what it shows is the doctor's, what its buttons do is here. */
import * as vscode from 'vscode';
import { z } from 'zod';
import { LabError } from '../../folders/lab-error';
import { describeDoctor } from '../../protocol/engine-words';
import { remedies, type EngineRemedy } from '../../protocol/engine-report';
import type { EnginesPageContract } from '../../protocol/pages';
import type { CommandId } from '../command-ids';
import { requireTrust } from '../errors';
import type { EngineDoctor } from '../engines/doctor';
import { pageHtml } from './page-html';
import { WebviewHost, type RequestHandlers } from './webview-host';

const VIEW_TYPE = 'srganLab.engines';
const nothing = z.strictObject({});

/** Opens the page, and opens it again when VS Code restores the window that it was in. */
export class EnginesPage implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private readonly serializer: vscode.Disposable;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly doctor: EngineDoctor,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel: (panel) => {
        this.fill(panel);
        return Promise.resolve();
      },
    });
  }

  /** Brings the page to the front, opening it where it is not open. */
  show(): void {
    if (this.panel !== undefined) {
      this.panel.reveal();
      return;
    }
    this.fill(vscode.window.createWebviewPanel(VIEW_TYPE, 'Engine Doctor', vscode.ViewColumn.Active));
  }

  dispose(): void {
    this.serializer.dispose();
    this.panel?.dispose();
  }

  private fill(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    panel.onDidDispose(() => {
      if (this.panel === panel) this.panel = undefined;
    });
    const webviews = vscode.Uri.joinPath(this.extensionUri, 'dist', 'webviews');
    panel.webview.options = { enableScripts: true, localResourceRoots: [webviews] };
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.extensionUri, 'media', 'page-light.svg'),
      dark: vscode.Uri.joinPath(this.extensionUri, 'media', 'page-dark.svg'),
    };
    new WebviewHost<EnginesPageContract>({
      panel,
      handlers: requests(this.doctor),
      log: this.log,
      open: (host) => {
        const tell = (): void => {
          host.post('snapshot', this.doctor.snapshot);
        };
        queueMicrotask(tell);
        return this.doctor.onDidChange(tell);
      },
    });
    panel.webview.html = pageHtml(panel.webview, webviews, 'engines', panel.title);
  }
}

function requests(doctor: EngineDoctor): RequestHandlers<EnginesPageContract> {
  return {
    measure: {
      parameters: nothing,
      handle: () => {
        requireTrust('Examining the engines');
        // The page hears of the end, good or bad, as it hears of the progress.
        doctor.examine().catch(() => undefined);
      },
    },
    stop: {
      parameters: nothing,
      handle: () => {
        doctor.stop();
      },
    },
    remedy: {
      parameters: z.strictObject({ remedy: z.enum(remedies) }),
      handle: ({ remedy }) => carryOut(remedy),
    },
    copy: {
      parameters: nothing,
      handle: async () => {
        const { report } = doctor.snapshot;
        if (report === null) throw new LabError('There is nothing to copy yet. Measure first.');
        await vscode.env.clipboard.writeText(describeDoctor(report));
      },
    },
  };
}

const PYTHON_EXTENSION = 'ms-python.python';

async function carryOut(remedy: EngineRemedy): Promise<void> {
  switch (remedy) {
    case 'set-up': {
      const command: CommandId = 'srganLab.setUpNativeEngine';
      // Answered at once: it asks, and takes minutes.
      void vscode.commands.executeCommand(command);
      return;
    }
    case 'choose-interpreter':
      if (vscode.extensions.getExtension(PYTHON_EXTENSION) === undefined) {
        throw new LabError(
          'Interpreters are chosen in the Python extension, which is not installed. Name one in the setting srganLab.tensorflow instead.',
        );
      }
      await vscode.commands.executeCommand('python.setInterpreter');
      return;
    case 'open-settings':
      await vscode.commands.executeCommand('workbench.action.openSettings', 'srganLab.tensorflow');
  }
}
