/** Entry of the dataset page's bundle. */
import './without-eval';
import { render } from 'preact';
import '../kit/base.css';
import './dataset.css';
import './images.css';
import './sections.css';
import './editor/editor.css';
import { DatasetPage } from './page';

render(<DatasetPage />, document.getElementById('root')!);
