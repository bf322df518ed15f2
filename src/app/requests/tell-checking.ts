import type { Clock, Ids, Log } from "../ports.js";
import type { Request, Store } from "../store.js";
import { postMessage } from "../telling/post-message.js";

/** So long is silence better than a card that says nothing yet, in milliseconds. */
const SILENCE_MS = 2_000;

/**
 * What `work` gives. When that takes longer than two seconds, and nobody waits for it at a button, a message says
 * meanwhile what is being checked; the answer takes its place, since it is the same message.
 */
export async function tellChecking<T>(
	request: Request,
	deps: {
		readonly store: Store;
		readonly clock: Clock;
		readonly ids: Ids;
		readonly log: Log;
		readonly silenceMs?: number;
	},
	work: () => Promise<T>,
): Promise<T> {
	// A pressed button says itself that it takes long, and whoever accepted a file sees that Teams is at it.
	if (request.via === "press" || request.via === "press-in-list" || request.via === "consent") return work();
	let told: Promise<void> | undefined;
	const timer = setTimeout(() => {
		told = tell(request, deps).catch((err: unknown) =>
			// The answer will find out for itself whether the database is away.
			deps.log.warn(
				{ code: "checking-not-told", err, requestId: request.id },
				"nobody could be told that an answer takes long",
			),
		);
	}, deps.silenceMs ?? SILENCE_MS);
	try {
		return await work();
	} finally {
		clearTimeout(timer);
		await told;
	}
}

async function tell(
	{ id, conversationKey }: Request,
	deps: { readonly store: Store; readonly clock: Clock; readonly ids: Ids },
): Promise<void> {
	await deps.store.transaction(async (tx) => {
		if (!(await tx.markRequestLate(id))) return;
		await postMessage(tx, { kind: "answer", requestId: id, conversationKey }, deps, { awaited: true });
	});
}
