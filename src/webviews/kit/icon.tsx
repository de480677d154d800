/** Codicons by name. An icon is decoration: the control around it carries the label. */
import '@vscode/codicons/dist/codicon.css';

export type IconName =
  | 'check'
  | 'chevron-left'
  | 'chevron-right'
  | 'circle-outline'
  | 'clippy'
  | 'close'
  | 'debug-pause'
  | 'debug-start'
  | 'debug-stop'
  | 'device-camera'
  | 'ellipsis'
  | 'error'
  | 'eye'
  | 'folder-opened'
  | 'inbox'
  | 'info'
  | 'json'
  | 'layout'
  | 'lightbulb'
  | 'output'
  | 'pass'
  | 'play'
  | 'save'
  | 'screen-full'
  | 'search'
  | 'target'
  | 'vm-running'
  | 'warning'
  | 'zoom-in'
  | 'zoom-out';

export function Icon(props: { name: IconName; slot?: string; class?: string }) {
  return (
    <span class={`codicon codicon-${props.name} ${props.class ?? ''}`} slot={props.slot} aria-hidden="true" />
  );
}
