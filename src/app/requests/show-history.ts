import type { HistoryFilter, HistoryPlace } from "../../core/history.js";
import { decide } from "../../core/policy.js";
import type { Command } from "../../core/requests/command.js";
import type { Request } from "../store.js";
import { type DecideDeps, problem, refused, type Shown, show } from "./decision.js";

interface Wanted {
	readonly filter: HistoryFilter;
	readonly after?: HistoryPlace;
	readonly page: number;
}

/** Shows a page of the history to somebody who may look, as the directory says now; the next one, too. */
export async function decideHistory(
	request: Request,
	command: Extract<Command, { kind: "history" | "history-next" }>,
	deps: DecideDeps,
): Promise<Shown> {
	const { clock, directory, policy, store } = deps;
	const { actor } = request;
	const standing = await directory.standing(actor, "view");
	const verdict = decide("view", actor, standing, policy);
	if (!verdict.allowed) return refused(request, "view", verdict, standing, deps);
	const wanted =
		command.kind === "history" ? { filter: command.filter, page: 1 } : await nextOf(command, deps);
	if (!wanted) return problem(request, "request-not-found");
	const { filter, after, page } = wanted;
	const now = clock.now();
	const found = await store.read.history({
		tenantId: actor.tenantId,
		filter,
		now,
		...(after && { after }),
	});
	return show(
		{ view: "history", filter, page, ...found, requestId: request.id, readAt: now.toISOString() },
		{ count: found.rows.length, page, grant: verdict.grant },
	);
}

/** A button says only on which answer it stands; how that went on is read from what is stored. */
async function nextOf(
	{ requestId }: Extract<Command, { kind: "history-next" }>,
	{ store }: DecideDeps,
): Promise<Wanted | undefined> {
	const answer = (await store.read.request(requestId))?.answer;
	const view = answer?.kind === "view" ? answer.view : undefined;
	return view?.view === "history" && view.next
		? { filter: view.filter, after: view.next, page: view.page + 1 }
		: undefined;
}
