import { describe, expect, it } from "@jest/globals";
import { boundRequests, noteLastStatus } from "../../src/identity/request-bounds.js";

type Policy = ReturnType<typeof boundRequests>["policy"];
type Request = Parameters<Policy["sendRequest"]>[0];
type Next = Parameters<Policy["sendRequest"]>[1];

const requestWith = (abortSignal?: AbortSignal): Request =>
	({ url: "https://entra.test", abortSignal }) as unknown as Request;
const answers =
	(status: number): Next =>
	async (request) =>
		({ status, request }) as Awaited<ReturnType<Next>>;
/** Never answers, and ends only when it is told to. */
const hangs: Next = (request) =>
	new Promise((_, reject) => {
		if (request.abortSignal?.aborted) reject(new Error("aborted"));
		request.abortSignal?.addEventListener("abort", () => reject(new Error("aborted")));
	});
const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

describe("a request to Entra", () => {
	it("has one bound, around its repetitions and the pauses between them", () => {
		expect(boundRequests(10)).toMatchObject({ position: "perCall", policy: { name: "boundRequests" } });
	});

	it("ends when its time is up", async () => {
		await expect(boundRequests(10).policy.sendRequest(requestWith(), hangs)).rejects.toThrow("aborted");
	});

	it("is not ended before", async () => {
		let signal: Request["abortSignal"];
		await boundRequests(60_000).policy.sendRequest(requestWith(), async (request) => {
			signal = request.abortSignal;
			return answers(200)(request);
		});
		expect(signal?.aborted).toBe(false);
	});

	it("ends when whoever sent it no longer wants it", async () => {
		const controller = new AbortController();
		const sent = boundRequests(60_000).policy.sendRequest(requestWith(controller.signal), hangs);
		controller.abort();
		await expect(sent).rejects.toThrow("aborted");
		await expect(
			boundRequests(60_000).policy.sendRequest(requestWith(AbortSignal.abort()), hangs),
		).rejects.toThrow("aborted");
	});

	it("leaves nothing behind, however it ended", async () => {
		const { signal } = new AbortController();
		const listening = new Set<unknown>();
		signal.addEventListener = (_type: string, listener: unknown) => void listening.add(listener);
		signal.removeEventListener = (type: string, listener: unknown) =>
			void (type === "abort" && listening.delete(listener));
		const before = timers();
		const { policy } = boundRequests(60_000);
		await policy.sendRequest(requestWith(signal), async (request) => {
			expect(listening.size).toBe(1);
			expect(timers()).toBe(before + 1);
			return answers(200)(request);
		});
		await expect(
			policy.sendRequest(requestWith(signal), () => Promise.reject(new Error("broken"))),
		).rejects.toThrow("broken");
		expect(listening.size).toBe(0);
		expect(timers()).toBe(before);
	});
});

describe("the last status of a piece of work", () => {
	const { policy } = boundRequests(60_000);
	const seen = (work: () => Promise<unknown>) =>
		noteLastStatus(work, (error, status) => ({ error, status })).catch((noted: unknown) => noted);
	const failure = new Error("no token");
	const fail = () => Promise.reject(failure);

	it("is told when it fails, with the reason", async () => {
		const work = async () => {
			await policy.sendRequest(requestWith(), answers(503));
			await policy.sendRequest(requestWith(), answers(401));
			return fail();
		};
		expect(await seen(work)).toEqual({ error: failure, status: 401 });
	});

	it("is unknown when its last request had no answer, or when it sent none", async () => {
		const work = async () => {
			await policy.sendRequest(requestWith(), answers(401));
			return policy.sendRequest(requestWith(), fail);
		};
		expect(await seen(work)).toEqual({ error: failure, status: undefined });
		expect(await seen(fail)).toEqual({ error: failure, status: undefined });
	});

	it("is not that of other work at the same time", async () => {
		const other = seen(async () => {
			await policy.sendRequest(requestWith(), answers(500));
			return fail();
		});
		expect(await seen(fail)).toEqual({ error: failure, status: undefined });
		expect(await other).toMatchObject({ status: 500 });
	});

	it("does not matter when it succeeds", async () => {
		expect(await seen(async () => "token")).toBe("token");
	});
});
