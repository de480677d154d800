/** What the person has told VS Code about Python and TensorFlow, for the processes that look for it. */
import * as vscode from 'vscode';
import { z } from 'zod';

/** The part of the Python extension's interface that names the chosen interpreter. */
const pythonApiSchema = z.object({
  environments: z.object({
    getActiveEnvironmentPath: z.custom<() => unknown>((value) => typeof value === 'function'),
  }),
});
const environmentSchema = z.object({ path: z.string().min(1) });

async function chosenInterpreter(): Promise<string | undefined> {
  const python = vscode.extensions.getExtension('ms-python.python');
  if (python === undefined) return undefined;
  const api = pythonApiSchema.safeParse(await python.activate());
  if (!api.success) return undefined;
  return environmentSchema.safeParse(api.data.environments.getActiveEnvironmentPath()).data?.path;
}

/** Environment variables that the command line reads: the setting, and the interpreter chosen in the editor. */
export async function tensorFlowHints(): Promise<Record<string, string>> {
  const setting = vscode.workspace.getConfiguration('srganLab').get('tensorflow');
  const interpreter = await chosenInterpreter();
  return {
    ...(typeof setting === 'string' && setting.trim() !== '' && { SRGAN_LAB_TENSORFLOW: setting.trim() }),
    ...(interpreter !== undefined && { SRGAN_LAB_PYTHON: interpreter }),
  };
}
