import { z } from "zod";
import type { GraphCall, GraphCaller } from "./graph-call.js";
import { expectSuccess, type GraphProblem, unreadable } from "./problem.js";

/** No collection we read can honestly be longer; a link that leads in circles ends here. */
const MOST_PAGES = 20;

// OData 4.01 allows control names without `odata.`, and this service has been seen sending them.
const link = z.string().nullish();
const links = z.object({ "@odata.nextLink": link, "@nextLink": link });

/**
 * Reads a whole collection, with `pageMs` milliseconds for the next page. Links to further pages are followed as they are, but only back to the
 * endpoint's own host. One row that cannot be understood spoils the collection: a list that silently
 * lacks a row would be a wrong answer.
 */
export async function readPages<T>(
	call: Omit<GraphCall, "timeoutMs">,
	row: z.ZodType<T>,
	caller: GraphCaller,
	pageMs: () => number,
): Promise<{ readonly kind: "read"; readonly rows: readonly T[] } | GraphProblem> {
	const rows: T[] = [];
	let path = call.path;
	for (let pages = 0; pages < MOST_PAGES; pages++) {
		const reply = expectSuccess(await caller.send({ ...call, path, timeoutMs: pageMs() }));
		if (reply.kind === "problem") return reply;
		const parsed = links.extend({ value: z.array(row) }).safeParse(reply.body);
		if (!parsed.success) return unreadable(reply, "the list cannot be read");
		rows.push(...parsed.data.value);
		const next = parsed.data["@odata.nextLink"] ?? parsed.data["@nextLink"];
		if (!next) return { kind: "read", rows };
		const own = ownLink(caller.endpoint, next);
		if (own === undefined) {
			return {
				kind: "problem",
				why: "rejected",
				detail: `the next page is on another host: ${hostOf(next)}`,
			};
		}
		path = own;
	}
	return { kind: "problem", why: "unavailable", detail: `the list has more than ${MOST_PAGES} pages` };
}

/**
 * A link that Graph sent, if it leads back to the same host; otherwise `undefined`, because following
 * it would hand our token to a stranger.
 */
function ownLink(endpoint: URL, link: string): string | undefined {
	const url = URL.canParse(link) ? new URL(link) : undefined;
	if (url?.origin !== endpoint.origin || url.username !== "" || url.password !== "") return undefined;
	return url.href;
}

function hostOf(link: string): string {
	return URL.canParse(link) ? new URL(link).host : "not an absolute address";
}
