import { describe, expect, it } from "@jest/globals";
import { at, draw, jobId } from "./fixtures.js";
import { keepGolden } from "./golden.js";

describe("the cards of a file, which Teams draws itself", () => {
	keepGolden("file-offer", "file-sent", "export-told");

	it("ask for consent with the id of the offer, the file's name and its size", () => {
		const offer = draw({
			view: "file-offer",
			requestId: jobId,
			name: "trail.csv",
			format: "csv",
			to: at,
			events: 12,
			size: 34_567,
		});
		expect(offer).toMatchObject({
			contentType: "application/vnd.microsoft.teams.card.file.consent",
			name: "trail.csv",
			card: { sizeInBytes: 34_567, acceptContext: { id: jobId }, declineContext: { id: jobId } },
			summary: "May I send you the file trail.csv?",
		});
		expect(JSON.stringify(offer.card)).toMatch(/12 events.*npm run audit/u);
	});

	it("show the file by what Teams said of it", () => {
		const file = {
			name: "trail.csv",
			contentUrl: "https://contoso-my.sharepoint.com/trail.csv",
			uniqueId: "unique",
			fileType: "csv",
		};
		expect(draw({ view: "file-sent", ...file })).toEqual({
			contentType: "application/vnd.microsoft.teams.card.file.info",
			name: file.name,
			contentUrl: file.contentUrl,
			card: { uniqueId: "unique", fileType: "csv" },
			summary: "The file trail.csv is in your OneDrive.",
		});
	});
});
