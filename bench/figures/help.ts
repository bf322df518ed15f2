import { setTimeout as delay } from "node:timers/promises";
import { multiplyFollowers } from "../seed.js";
import type { Session } from "../session.js";
import type { Side } from "../sides.js";

const FOLLOWERS = 200;
const SETTINGS = { WATCH_POLL_MIN_MS: "1000", WATCH_POLL_MAX_MS: "1000" };
const WARM_UP = 15;

/** How long somebody waits for `help` while the end of a job is told in 200 conversations. */
export async function measureHelp(session: Session, side: Side): Promise<void> {
	const { cloud, load, samples } = session;
	await side.empty();
	await cloud("clear");
	await cloud("setRules", { endsAtPoll: "never" });
	const jobId = await session.withBot(side, { settings: SETTINGS }, async () => {
		const id = await load("begin", "follower-0");
		await delay(2_000);
		return id;
	});
	await multiplyFollowers(side, FOLLOWERS);
	await session.withBot(side, { settings: SETTINGS }, async () => {
		// Other jobs end at once meanwhile; this one was cancelled before, and is ended below.
		await cloud("setRules", { endsAtPoll: 1, except: jobId });
		await load("inTurn", WARM_UP);
		const answered = load("helpAmidst", { conversationId: "somebody-1", alerts: FOLLOWERS });
		await cloud("end", [jobId]);
		const { helpMs, allMs } = await answered;
		samples.add("help", side.name, helpMs / 1_000);
		samples.add("burst", side.name, allMs / 1_000);
	});
	await cloud("clear");
}
