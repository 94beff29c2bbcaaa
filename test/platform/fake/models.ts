/** How an action of the fake is written: its parameters and its answer are those of the official models. */

import type { ActionOf, ModelOf, RequestOf, Service } from '../../../scripts/platform/models.ts';
import type { FakeState } from './state.ts';

export type Handlers<S extends Service> = {
  [A in ActionOf<S>]?: (state: FakeState, params: RequestOf<S, A>) => Promise<ModelOf<S, A>> | ModelOf<S, A>;
};

export type ScfRequest<A extends ActionOf<'scf'>> = RequestOf<'scf', A>;
export type ScfAnswer<A extends ActionOf<'scf'>> = ModelOf<'scf', A>;
export type TcbAnswer<A extends ActionOf<'tcb'>> = ModelOf<'tcb', A>;
