import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { createFileUploads } from "../../src/teams/file-uploads.js";

const { allows } = createFileUploads(["*.sharepoint.com", "files.test:8443"]);

describe("where a file may go", () => {
	it.each([
		"https://contoso-my.sharepoint.com/up?x=1",
		"https://FILES.test:8443/a",
		"https://a.b.sharepoint.com/",
	])("is %s", (url) => expect(allows(url)).toBe(true));

	it.each([
		"http://contoso-my.sharepoint.com/",
		"https://sharepoint.com/",
		"https://evilsharepoint.com/",
		"https://contoso.sharepoint.com.evil.example/",
		"https://contoso.sharepoint.com:8443/",
		"https://user@contoso.sharepoint.com/",
		"https://evil.example/?.sharepoint.com",
		"https://files.test/",
		"file:///etc/passwd",
		"nonsense",
	])("is not %s", (url) => expect(allows(url)).toBe(false));

	it("is checked again before anything is sent", async () => {
		const { put } = createFileUploads([]);
		expect(await put.call(createFileUploads([]), "https://127.0.0.1:1/", new Uint8Array([1]))).toMatchObject({
			kind: "problem",
			detail: expect.stringContaining("FILE_UPLOAD_HOSTS"),
		});
	});
});

describe("a file that was accepted", () => {
	const uploads = createFileUploads(["*.sharepoint.com"]);
	const bytes = new TextEncoder().encode("one,two\n");
	const url = "https://contoso-my.sharepoint.com/session?key=secret";
	const answerWith = (answer: () => Response) =>
		jest.spyOn(globalThis, "fetch").mockImplementation(async () => answer());
	afterEach(() => void jest.restoreAllMocks());

	it("is put there whole, in one request, without a token, and is followed nowhere else", async () => {
		const asked = answerWith(() => new Response("taken", { status: 201 }));
		expect(await uploads.put(url, bytes)).toEqual({ kind: "uploaded" });
		expect(asked.mock.calls).toEqual([
			[
				url,
				{
					method: "PUT",
					headers: { "content-type": "application/octet-stream", "content-range": "bytes 0-7/8" },
					body: bytes,
					redirect: "error",
					signal: expect.any(AbortSignal),
				},
			],
		]);
	});

	it("is there, too, where an earlier one of its name was", async () => {
		answerWith(() => new Response(null, { status: 200 }));
		expect(await uploads.put(url, bytes)).toEqual({ kind: "uploaded" });
	});

	it.each([202, 204, 404, 416, 507])("is not there after %d", async (status) => {
		answerWith(() => new Response(null, { status }));
		expect(await uploads.put(url, bytes)).toEqual({ kind: "problem", detail: `HTTP ${status}` });
	});

	it("is not there when nobody answers, and says why without the address", async () => {
		answerWith(() => {
			throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
		});
		const put = await uploads.put(url, bytes);
		expect(put).toMatchObject({ kind: "problem", detail: expect.stringContaining("ECONNREFUSED") });
		expect(JSON.stringify(put)).not.toContain("secret");
	});
});
