import { nameOf } from '../base/ids';
import { hashOf } from '../base/route';
import { Name, Odd } from '../parts/stranger';
import type { OpenItem } from '../../src/console/api';
import type { Column } from './table';

/** The column that names a connection and leads to its screen. */
export const connectionColumn: Column<Pick<OpenItem, 'id' | 'odd'>> = {
  heading: 'Connection',
  cell: ({ id, odd }) => (
    <>
      <a href={hashOf({ kind: 'connection', id })}>
        <Name text={nameOf(id)} />
      </a>
      <Odd odd={odd} />
    </>
  ),
};
