/** Entry of the dataset page's bundle. */
import { render } from 'preact';
import '../kit/base.css';
import './dataset.css';
import { DatasetPage } from './page';

render(<DatasetPage />, document.getElementById('root')!);
