import { z } from "zod";
import type { Clock } from "../app/ports.js";
import type { GroupNames } from "../app/views.js";
import { type GraphCaller, type GraphLog, isOneOf, isSameId, MOST_IN } from "./graph-call.js";
import { expectSuccess, unreadable } from "./problem.js";

/** A name is for reading only, so it may be as old as that, and an answer waits no longer for it; in milliseconds. */
const KEPT_MS = 60 * 60_000;
const ASKED_MS = 2_000;

const named = z.object({
	value: z.array(z.object({ id: z.string().min(1), displayName: z.string().nullish() })),
});

/**
 * What groups are called, for people who read it; nothing is ever decided by it. One call at most for groups whose
 * names are not known, none for others. What cannot be read has no name, and its id is shown.
 * https://learn.microsoft.com/graph/api/group-list
 */
export function createGroupNames(
	caller: GraphCaller,
	{
		clock,
		log,
		askedMs = ASKED_MS,
	}: { readonly clock: Clock; readonly log: GraphLog; readonly askedMs?: number },
): (groupIds: readonly string[]) => Promise<GroupNames> {
	const kept = new Map<string, { readonly name: string; readonly until: number }>();
	const nameOf = (id: string) => {
		const found = kept.get(id.toLowerCase());
		return found && found.until > clock.now().getTime() ? found.name : undefined;
	};
	return async (groupIds) => {
		// A card names fewer than one call takes.
		const missing = groupIds.filter((id) => nameOf(id) === undefined).slice(0, MOST_IN);
		if (missing.length > 0) {
			const until = clock.now().getTime() + KEPT_MS;
			for (const { id, name } of await readNames(missing, askedMs, { caller, log }))
				kept.set(id.toLowerCase(), { name, until });
		}
		return Object.fromEntries(
			groupIds.flatMap((id) => {
				const name = nameOf(id);
				return name === undefined ? [] : [[id, name]];
			}),
		);
	};
}

async function readNames(
	groupIds: readonly string[],
	timeoutMs: number,
	{ caller, log }: { readonly caller: GraphCaller; readonly log: GraphLog },
): Promise<readonly { readonly id: string; readonly name: string }[]> {
	const query = "/groups?$select=id,displayName&$filter=";
	const reply = expectSuccess(
		await caller.send({
			nature: "read",
			version: "v1.0",
			method: "GET",
			path: `${query}${isOneOf(groupIds)}`,
			template: `${query}id in (…)`,
			timeoutMs,
		}),
	);
	const parsed = reply.kind === "problem" ? undefined : named.safeParse(reply.body);
	if (reply.kind === "problem" || !parsed?.success) {
		const problem = reply.kind === "problem" ? reply : unreadable(reply, "the names cannot be read");
		log.warn(
			{ code: "group-names-unreadable", why: problem.why, detail: problem.detail },
			"groups are shown by their ids",
		);
		return [];
	}
	return parsed.data.value.flatMap(({ id, displayName }) =>
		displayName && groupIds.some((asked) => isSameId(asked, id)) ? [{ id, name: displayName }] : [],
	);
}
