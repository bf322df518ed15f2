/** A picture in the gallery: some states in one language, each in several looks. */
export interface Picture {
	readonly names: readonly string[];
	readonly locale: string;
	/** Relative to the gallery. */
	readonly file: string;
	/** In CSS pixels. */
	readonly width: number;
	readonly height: number;
}

/** A page that needs nothing but the pictures beside it. It begins in the first language. */
export function indexPage(pictures: readonly Picture[]): string {
	const locales = [...new Set(pictures.map(({ locale }) => locale))];
	return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Cards of Recovery Control</title>
<style>
	body { margin: 0 16px 64px; font: 16px/1.4 system-ui, sans-serif; }
	header { position: sticky; top: 0; padding: 8px 0; background: #fff; border-bottom: 1px solid #ccc; }
	img { display: block; margin-top: 16px; border: 1px solid #ccc; }
	[hidden] { display: none; }
</style>
<header>
	<label>Language <select>${locales.map((locale) => `<option>${locale}</option>`).join("")}</select></label>
	<label>State <input type="search" placeholder="such as follow-up"></label>
</header>
<main>
${pictures.map((picture) => section(picture, picture.locale === locales[0])).join("\n")}
</main>
<script>
	const [language, state] = document.querySelectorAll("select, input");
	const show = () => {
		for (const part of document.querySelectorAll("section")) {
			const { locale, name } = part.dataset;
			part.hidden = locale !== language.value || !name.includes(state.value.toLowerCase());
		}
	};
	language.onchange = state.oninput = show;
</script>
</html>
`;
}

function section({ names, locale, file, width, height }: Picture, shown: boolean): string {
	const said = escapeHtml(names.join("; "));
	return `<section data-locale="${locale}" data-name="${said.toLowerCase()}"${shown ? "" : " hidden"}>
	<img loading="lazy" src="${file}" width="${Math.round(width)}" height="${Math.round(height)}" alt="${said} (${locale})">
</section>`;
}

function escapeHtml(text: string): string {
	return text.replace(/[&<>"]/gu, (mark) => `&#${mark.charCodeAt(0)};`);
}
