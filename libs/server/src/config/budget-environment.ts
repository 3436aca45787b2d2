import { TelemetryEnvironment } from './telemetry-environment';

/** How much of the paid services conversations, addresses and days may use. */
export class BudgetEnvironment extends TelemetryEnvironment {}
