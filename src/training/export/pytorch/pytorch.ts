/** A network for PyTorch: its state dictionary as safetensors, and the module that it belongs to as source. */
import { DESCRIPTION_KEY, type NetworkDescription } from '../../../protocol/exported-model';
import { encodeSafetensors } from '../../run/safetensors';
import type { Exportable } from '../exportable';
import type { ExportedFile } from '../exported-file';
import { moduleSource } from './module-source';
import { stateDict } from './state-dict';

export const PYTORCH_FILE = 'model.safetensors';
export const PYTORCH_SOURCE = 'model.py';

export function exportPyTorch(
  exportable: Exportable,
  description: NetworkDescription | undefined,
): ExportedFile[] {
  const className = exportable.network.name.replace(/^./, (letter) => letter.toUpperCase());
  // Python's safetensors library asks for the key `format`.
  const metadata = {
    format: 'pt',
    ...(description !== undefined && { [DESCRIPTION_KEY]: JSON.stringify(description) }),
  };
  return [
    { name: PYTORCH_FILE, content: encodeSafetensors(stateDict(exportable), metadata) },
    { name: PYTORCH_SOURCE, content: moduleSource(exportable.network, className, PYTORCH_FILE) },
  ];
}
