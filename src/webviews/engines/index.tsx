/** Entry of the Engine Doctor's bundle. */
import { render } from 'preact';
import '../kit/base.css';
import './engines.css';
import { EnginesPage } from './page';

render(<EnginesPage />, document.getElementById('root')!);
