/** Entry of the preview's bundle. */
import { render } from 'preact';
import '../kit/base.css';
import { PreviewPage } from './page';
import './preview.css';

render(<PreviewPage />, document.getElementById('root')!);
