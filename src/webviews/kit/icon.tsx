/** Codicons by name. An icon is decoration: the control around it carries the label. */
import '@vscode/codicons/dist/codicon.css';

export type IconName =
  | 'add'
  | 'check'
  | 'chevron-left'
  | 'chevron-right'
  | 'circle-filled'
  | 'circle-outline'
  | 'circle-slash'
  | 'clippy'
  | 'debug-pause'
  | 'debug-start'
  | 'debug-stop'
  | 'device-camera'
  | 'ellipsis'
  | 'error'
  | 'folder-opened'
  | 'go-to-file'
  | 'inbox'
  | 'info'
  | 'json'
  | 'lightbulb'
  | 'output'
  | 'pass'
  | 'play'
  | 'remove'
  | 'save'
  | 'screen-full'
  | 'search'
  | 'settings-gear'
  | 'split-horizontal'
  | 'sync'
  | 'target'
  | 'warning'
  | 'eye'
  | 'layout'
  | 'diff'
  | 'vm-running'
  | 'zoom-in'
  | 'zoom-out';

export function Icon(props: { name: IconName; slot?: string; spin?: boolean; class?: string }) {
  const spin = props.spin ? ' codicon-modifier-spin' : '';
  return (
    <span
      class={`codicon codicon-${props.name}${spin} ${props.class ?? ''}`}
      slot={props.slot}
      aria-hidden="true"
    />
  );
}
