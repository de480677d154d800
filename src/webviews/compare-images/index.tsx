/** Entry of the bundle of compared images. */
import { render } from 'preact';
import '../kit/base.css';
import './compare-images.css';
import { CompareImagesPage } from './page';

render(<CompareImagesPage />, document.getElementById('root')!);
