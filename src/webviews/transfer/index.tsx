/** Entry of the transfer page's bundle. */
import { render } from 'preact';
import '../kit/base.css';
import './transfer.css';
import { TransferPage } from './page';

render(<TransferPage />, document.getElementById('root')!);
