/** Entry of the compare page's bundle. */
import { render } from 'preact';
import '../kit/base.css';
import { ComparePage } from './page';
import './compare.css';

render(<ComparePage />, document.getElementById('root')!);
