/** Entry of the run page's bundle. */
import { render } from 'preact';
import '../kit/base.css';
import { RunPage } from './page';
import './run.css';

render(<RunPage />, document.getElementById('root')!);
