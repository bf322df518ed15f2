import { describe, expect, it } from "@jest/globals";
import type { SendProblem } from "../../../src/app/ports.js";
import type { RecoveryJob } from "../../../src/core/job.js";
import { JOB_ID } from "../world.js";
import {
	alerting,
	anna,
	CHANNEL,
	fresh,
	incidentOf,
	MINUTE,
	newWorld,
	THREAD,
	useOnCallWorld,
	type World,
} from "./on-call-world.js";

useOnCallWorld();

const POLL = 15_000;
const id = (n: number) => `${String(n).padStart(8, "0")}-7c1e-4e7c-9c7b-13f8d44b20c4`;

describe("a storm of 200 job changes in a minute", () => {
	it("stays inside what Teams allows, lets a person's answer through, and loses no final state", async () => {
		const world = await alerting(newWorld());
		const times: number[] = [];
		world.onSend = async () => void times.push(world.now().getTime());
		const end = { endedAt: world.now().toISOString() };
		// Fifty jobs, each of which shows four things within the minute.
		for (const status of ["loadingData", "calculating", "running", "failed"]) {
			world.graph.more = Array.from(
				{ length: 50 },
				(_, n): RecoveryJob => fresh(world, { id: id(n), status, ...(status === "failed" ? end : {}) }),
			);
			await world.advance(15_000);
		}
		const asked = world.now().getTime();
		await world.say(anna, { kind: "alerts" }, THREAD);
		expect(world.sent.at(-1)?.view.view).toBe("subscriptions");
		expect(world.now().getTime() - asked).toBe(0);
		await world.advance(20 * MINUTE);

		const most = (windowMs: number) =>
			Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length));
		expect(most(1_000)).toBeLessThanOrEqual(7);
		expect(most(2_000)).toBeLessThanOrEqual(8);
		expect(most(30_000)).toBeLessThanOrEqual(60);
		expect(most(60 * MINUTE)).toBeLessThanOrEqual(1_800);

		const shown = new Map<string, string>();
		for (const { view } of world.sent)
			if (view.view === "alert") shown.set(view.incident.job.id, view.incident.job.status);
		expect(shown.size).toBe(50);
		expect(new Set(shown.values())).toEqual(new Set(["failed"]));
		const failed = world.sent.filter(
			({ view, conversation }) =>
				view.view === "news" &&
				view.tells.what === "event" &&
				conversation.startsWith(`${CHANNEL};messageid=`),
		);
		expect(failed).toHaveLength(50);
		// What comes more than a minute late says so.
		const late = failed.filter(({ view }) => view.view === "news" && (view.lateMs ?? 0) >= MINUTE);
		expect(late.length).toBeGreaterThan(10);
		// Only the newest state of a card is sent: four changes of fifty jobs are fewer than 200 updates.
		expect(world.sent.filter(({ view }) => view.view === "alert").length).toBeLessThan(150);
	});
});

describe("an alert of a job that begins to run", () => {
	/** Forty cards are to be updated, and in the middle of that a job begins to run. */
	async function rush(world: World, where: number): Promise<{ lateMs: number; after: number }> {
		const jobs = (status: string) =>
			Array.from({ length: 40 }, (_, n) => fresh(world, { id: id(n), status }));
		world.graph.more = jobs("calculating");
		await world.advance(10 * MINUTE);
		world.graph.more = jobs("running");
		await world.advance(15_000);
		const sent: { at: number; jobId: string }[] = [];
		world.onSend = async () => {
			const view = world.sent.at(-1)?.view;
			if (view?.view === "alert") sent.push({ at: world.now().getTime(), jobId: view.incident.job.id });
		};
		world.graph.job = fresh(world);
		await world.advance(5 * MINUTE);
		const firsts = sent.filter(({ jobId }) => jobId === JOB_ID).slice(0, where);
		const last = firsts.at(-1);
		if (!last || firsts.length < where) throw new Error("the alert was not sent everywhere");
		const seenAt = Date.parse((await incidentOf(world)).openedAt);
		const after = sent.filter(({ at, jobId }) => at > last.at && jobId !== JOB_ID).length;
		expect(new Set(sent.map(({ jobId }) => jobId)).size).toBeGreaterThan(20);
		return { lateMs: last.at - seenAt, after };
	}

	it("goes before updates of cards that wait in its conversation's line", async () => {
		const { lateMs, after } = await rush(await alerting(newWorld()), 1);
		expect(lateMs).toBeLessThan(2_000);
		expect(after).toBeGreaterThan(5);
	});

	it("goes before updates of other conversations' cards that wait in the app's line", async () => {
		const places = Array.from({ length: 5 }, (_, n) => `19:ops${n}@thread.tacv2`);
		const { lateMs, after } = await rush(await alerting(newWorld(), ...places), places.length);
		expect(lateMs).toBeLessThan(4_000);
		expect(after).toBeGreaterThan(100);
	});
});

describe("a connector that is overrun by a storm of alerts", () => {
	it("hears no more than it allows, also of what it refuses, and nothing is lost", async () => {
		const world = await alerting(newWorld());
		const attempts: number[] = [];
		let refusals = 120;
		const answer = (): SendProblem | undefined => {
			attempts.push(world.now().getTime());
			if (refusals-- <= 0) return undefined;
			return refusals % 2
				? { kind: "retry", retryAfterMs: 5_000, detail: "HTTP 429" }
				: { kind: "retry", detail: "HTTP 503" };
		};
		const { post, update } = world.deps.messenger;
		world.deps.messenger.post = async (...sent) => answer() ?? post(...sent);
		world.deps.messenger.update = async (...sent) => answer() ?? update(...sent);
		const ids = Array.from({ length: 40 }, (_, n) => `${String(n).padStart(8, "0")}${JOB_ID.slice(8)}`);
		const end = { endedAt: world.now().toISOString() };
		for (const status of ["calculating", "running", "failed"]) {
			world.graph.more = ids.map((id) => fresh(world, { id, status, ...(status === "failed" ? end : {}) }));
			await world.advance(POLL);
		}
		await world.advance(30 * MINUTE);
		const shown = new Map<string, string>();
		const events = new Set<string>();
		for (const { view } of world.sent) {
			if (view.view === "alert") shown.set(view.incident.job.id, view.incident.job.status);
			if (view.view === "news" && view.tells.what === "event") events.add(view.tells.job.id);
		}
		expect([...shown].sort()).toEqual(ids.map((id) => [id, "failed"]));
		expect([...events].sort()).toEqual(ids);
		const most = (windowMs: number) =>
			Math.max(...attempts.map((from) => attempts.filter((at) => at >= from && at < from + windowMs).length));
		expect(most(1_000)).toBeLessThanOrEqual(7);
		expect(most(30_000)).toBeLessThanOrEqual(60);
	});
});
