import type { View } from "../../src/app/views.js";
import { HISTORY_PAGE } from "../../src/core/history.js";
import { CANCELLATION_STATES } from "./every.js";
import { at, jobId } from "./fixtures.js";

type Shown<Name extends View["view"]> = Extract<View, { view: Name }>;

const row = {
	receipt: "RC-7F3K9Q",
	jobId,
	jobKind: "recovery",
	state: "stopping",
	openedAt: at,
	requesterName: "*Anna*",
	others: 0,
} as const;
const historyOf = (
	rows: Shown<"history">["rows"],
	more: Partial<Shown<"history">> = {},
): Shown<"history"> => ({
	view: "history",
	filter: { by: "all" },
	rows,
	page: 1,
	requestId: jobId,
	readAt: at,
	...more,
});
const person = { by: "person", name: "*Anna* <at>x</at>" } as const;
const TOLD = [
	"only-personal",
	"nothing",
	"too-large",
	"declined",
	"upload-refused",
	"upload-failed",
] as const satisfies readonly Shown<"export-told">["what"][];

/** A cancellation in each state, with more and more people behind it. */
const rows = CANCELLATION_STATES.map((state, others) => ({
	...row,
	receipt: `RC-7F3K9${others}`,
	state,
	others,
}));

/** The states of the cards about the history and the audit trail. */
export const auditStates = {
	history: [
		["history: none", historyOf([])],
		["history: none of a person", historyOf([], { filter: person })],
		["history: of a person", historyOf([row], { filter: person })],
		["history: nothing more", historyOf([], { page: 2 })],
		[
			"history: a page with a next one",
			historyOf(rows.slice(0, HISTORY_PAGE), { next: { openedAt: at, id: jobId } }),
		],
		["history: the second page", historyOf(rows.slice(HISTORY_PAGE), { page: 2 })],
		["history: of one that ended", historyOf([{ ...row, endedAt: at }])],
		["history: of a job", historyOf([{ ...row, jobKind: "preview" }], { filter: { by: "job", jobId } })],
		["history: of a week", historyOf([row], { filter: { by: "period", hours: 168 } })],
		["history: of some hours", historyOf([row], { filter: { by: "period", hours: 5 } })],
	],
	"history-unclear": (["several-ids", "not-an-id", "no-such-period"] as const).map(
		(problem) => [`history unclear: ${problem}`, { view: "history-unclear", problem, found: "0d" }] as const,
	),
	"file-offer": [
		[
			"file offer",
			{
				view: "file-offer",
				requestId: jobId,
				name: "a.csv",
				format: "csv",
				to: at,
				events: 12,
				size: 34_567,
			},
		],
	],
	"file-sent": [
		[
			"file sent",
			{
				view: "file-sent",
				name: "a.csv",
				contentUrl: "https://contoso-my.sharepoint.com/a.csv",
				uniqueId: jobId,
				fileType: "csv",
			},
		],
	],
	"export-told": TOLD.map((what) => [`export: ${what}`, { view: "export-told", what }] as const),
} as const;
