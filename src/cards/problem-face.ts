import type { ProblemCode, View } from "../app/views.js";
import { type Face, face, facts, notes } from "./face.js";
import { escapeText } from "./user-text.js";

export function problemFace(view: Extract<View, { view: "problem" }>): Face {
	const { title, lead } = PROBLEMS[view.code];
	return face({
		tone: "attention",
		symbol: "!",
		title,
		lead,
		facts: facts(["Job", view.jobId === undefined ? "" : escapeText(view.jobId)]),
		smallPrint: notes(
			`Code ${view.code}, reference ${escapeText(view.requestId)}. No request to cancel was sent to Graph.`,
		),
	});
}

const PROBLEMS: Readonly<Record<ProblemCode, { title: string; lead: string }>> = {
	"job-not-found": {
		title: "No such job",
		lead: 'Graph knows no job with this id. Type "jobs" to see the ids. Graph forgets a job 7 days after it ended.',
	},
	"graph-forbidden": {
		title: "Graph does not let me read jobs",
		lead: "Operator: grant this bot the application permission EntraBackup.Read.All, with admin consent. Until then, use the Entra admin centre, under Backup and recovery.",
	},
	"graph-unauthorized": {
		title: "My credential was not accepted",
		lead: "Operator: check this bot's secret or certificate and its expiry. Until then, use the Entra admin centre, under Backup and recovery.",
	},
	"graph-throttled": { title: "Graph asks me to slow down", lead: "Ask again in a minute." },
	"graph-unavailable": {
		title: "Graph gives no usable answer",
		lead: "Ask again in a minute. If it is urgent, use the Entra admin centre, under Backup and recovery.",
	},
	"graph-rejected": {
		title: "Graph did not understand me",
		lead: "Operator: check GRAPH_API_VERSION and GRAPH_ENDPOINT. Until then, use the Entra admin centre, under Backup and recovery.",
	},
	"not-your-request": {
		title: "That was asked by somebody else",
		lead: "Try again repeats a request only for whoever made it. Ask yourself.",
	},
	"request-not-found": {
		title: "That request is not known any more",
		lead: 'Type "jobs" to get a fresh card.',
	},
	"internal-error": {
		title: "Something went wrong on my side",
		lead: "The request could not be carried out. Ask again; if it is urgent, use the Entra admin centre, under Backup and recovery.",
	},
};
