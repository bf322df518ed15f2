import { describe, expect, it } from "@jest/globals";
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
