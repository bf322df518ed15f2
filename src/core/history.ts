import type { Cancellation } from "./cancelling/cancellation.js";

/** Which cancellations a history tells of. */
export type HistoryFilter =
	| { readonly by: "all" }
	| { readonly by: "job"; readonly jobId: string }
	| { readonly by: "period"; readonly hours: number }
	/** Who asked or decided: by the ids that a mention brought, else by the name as the chat writes it. */
	| {
			readonly by: "person";
			readonly name: string;
			readonly userId?: string;
			readonly channelUserId?: string;
	  };

/** Why it is not clear of what a history is wanted. */
export type HistoryUnclear = "several-ids" | "not-an-id" | "no-such-period";

/** A place in a history, which goes from the newest to the oldest. */
export interface HistoryPlace {
	readonly openedAt: string;
	readonly id: string;
}

/** One line of a history: what became of a cancellation. */
export interface HistoryRow
	extends Pick<Cancellation, "receipt" | "jobId" | "jobKind" | "state" | "openedAt" | "endedAt"> {
	readonly requesterName: string;
	/** How many others asked for the same. */
	readonly others: number;
}

export interface HistoryPage {
	readonly rows: readonly HistoryRow[];
	/** Where the next page begins: right after this place. Absent on the last page. */
	readonly next?: HistoryPlace;
}

/** Cancellations on one page: as many as a telephone shows at once. */
export const HISTORY_PAGE = 5;
