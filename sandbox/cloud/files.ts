import type { Handler } from "./http.js";

/** A file that was put into an upload session. */
export interface UploadedFile {
	readonly path: string;
	readonly range: string | undefined;
	/** Whether a token came along, which must not. */
	readonly authorized: boolean;
	readonly text: string;
}

/** A stand-in for OneDrive's upload sessions: each takes one file, whole. */
export class Files {
	readonly uploaded: UploadedFile[] = [];

	readonly handler: Handler = ({ method, path, headers, body }) => {
		if (!path.startsWith("/upload/")) return undefined;
		if (method !== "PUT") return { status: 405 };
		if (this.uploaded.some((file) => file.path === path)) return { status: 404 };
		const [range] = [headers["content-range"]].flat();
		this.uploaded.push({ path, range, authorized: headers.authorization !== undefined, text: body });
		return { status: 201, body: { id: path } };
	};
}
