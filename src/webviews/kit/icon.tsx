/** Codicons by name. An icon is decoration: the control around it carries the label. */
import '@vscode/codicons/dist/codicon.css';

export type IconName =
  | 'add'
  | 'arrow-down'
  | 'arrow-up'
  | 'check'
  | 'chevron-left'
  | 'chevron-right'
  | 'circle-outline'
  | 'clippy'
  | 'close'
  | 'color-mode'
  | 'debug-pause'
  | 'debug-restart'
  | 'debug-start'
  | 'debug-stop'
  | 'device-camera'
  | 'discard'
  | 'edit'
  | 'ellipsis'
  | 'error'
  | 'eye'
  | 'eye-closed'
  | 'folder-opened'
  | 'graph'
  | 'history'
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
  | 'star-empty'
  | 'star-full'
  | 'target'
  | 'tools'
  | 'trash'
  | 'vm-running'
  | 'warning'
  | 'zoom-in'
  | 'zoom-out';

export function Icon(props: { name: IconName; slot?: string; class?: string }) {
  return (
    <span class={`codicon codicon-${props.name} ${props.class ?? ''}`} slot={props.slot} aria-hidden="true" />
  );
}
