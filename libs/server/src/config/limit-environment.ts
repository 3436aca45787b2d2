import { BudgetEnvironment } from './budget-environment';

/** How much clients may ask of the server at a time. */
export class LimitEnvironment extends BudgetEnvironment {}
