import type { View } from "../views.js";

/** What a change came to, for the answer and for the audit trail. */
export interface Changed {
	readonly view: View;
	readonly type: string;
	readonly jobId?: string;
	readonly facts: Readonly<Record<string, unknown>>;
}
