import type { View } from "../app/views.js";
import type { HistoryFilter, HistoryRow } from "../core/history.js";
import { help, press, showJobs } from "./buttons.js";
import { type Face, face, notes, type Row, SYMBOLS } from "./face.js";
import { shortId } from "./job-words.js";
import type { Pen } from "./pen.js";
import { moment } from "./times.js";
import { ECHO_LENGTH, escapeText, personName, plainText, quoted } from "./user-text.js";
import { branch, type MessageKey, type Values } from "./words.js";

type ViewOf<Name extends View["view"]> = Extract<View, { view: Name }>;

/** Letters of a name in a title. */
const NAME_IN_TITLE = 24;

export function historyFace(view: ViewOf<"history">, pen: Pen): Face {
	const { filter, rows, page, next, requestId, readAt } = view;
	const { say } = pen.words;
	const none = page > 1 ? "history.noMore" : filter.by === "person" ? "history.noneOfPerson" : "history.none";
	return face({
		tone: "default",
		symbol: SYMBOLS.none,
		title: say("history.title", { page, ...titleValues(filter) }),
		lead: rows.length === 0 ? say(none) : "",
		ended: rows.map((row) => rowOf(row, pen)),
		endedHeading: say("history.heading"),
		smallPrint: notes(say("history.recorded", { moment: moment(readAt, pen) })),
		buttons: next ? [press(say("history.next"), "next-history", requestId)] : [],
	});
}

function titleValues(filter: HistoryFilter): Values {
	const values = { by: "all", id: "", name: "", count: 0 };
	switch (filter.by) {
		case "all":
			return values;
		case "job":
			return { ...values, by: "job", id: shortId(filter.jobId) };
		case "person":
			return { ...values, by: "person", name: escapeText(filter.name, NAME_IN_TITLE) };
		case "period":
			return filter.hours % 24 === 0
				? { ...values, by: "days", count: filter.hours / 24 }
				: { ...values, by: "hours", count: filter.hours };
	}
}

/** One cancellation: how it stands, of what, for whom and when. Pressing it shows the job. */
function rowOf(row: HistoryRow, pen: Pen): Row {
	const { receipt, jobId, jobKind, state, openedAt, endedAt, requesterName, others } = row;
	const { say } = pen.words;
	const values = {
		kind: jobKind,
		id: shortId(jobId),
		name: personName(requesterName, pen.words),
		others,
		opened: moment(openedAt, pen),
		ended: moment(endedAt, pen),
	};
	return {
		title: say("history.row", { receipt: escapeText(receipt), state: branch(state) }),
		detail: say(endedAt === undefined ? "history.detail" : "history.detailEnded", values),
		open: press(say("buttons.showListedJob", { id: plainText(receipt, ECHO_LENGTH) }), "show-job", jobId),
	};
}

const UNCLEAR: Readonly<Record<ViewOf<"history-unclear">["problem"], MessageKey>> = {
	"several-ids": "history.severalIds",
	"not-an-id": "history.notAnId",
	"no-such-period": "history.noSuchPeriod",
};

export function historyUnclearFace({ problem, found }: ViewOf<"history-unclear">, pen: Pen): Face {
	const { say } = pen.words;
	return face({
		tone: "default",
		symbol: SYMBOLS.unclear,
		title: say("history.unclearTitle"),
		lead: say(UNCLEAR[problem]),
		quote: quoted(found || undefined, ECHO_LENGTH, pen.words),
		smallPrint: notes(say("malformed.example", { example: "history 7d" })),
		buttons: [showJobs(pen), help(pen)],
	});
}
