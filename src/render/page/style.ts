/** The page's only style sheet. Tones pass 4.5:1 against the background as text, light and dark. */
export const style = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--faint:#57606a;--line:#d0d7de;--box:#f6f8fa;--fail:#b42318;--warn:#9a5b00;--unknown:#7a3aa8;--waived:#0b6b78;--pass:#1a7037;--none:#6b7280}
@media (prefers-color-scheme:dark){:root{--bg:#11151a;--fg:#e6edf3;--faint:#9aa6b2;--line:#303841;--box:#181e25;--fail:#ff8a80;--warn:#f2b04a;--unknown:#d0a2f7;--waived:#5ccfe0;--pass:#62cf84;--none:#9aa6b2}}
*{box-sizing:border-box}body{margin:0 auto;max-width:76rem;padding:2rem 1.25rem;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2.2rem 0 .6rem}h3{font-size:1rem;margin:1.6rem 0 .4rem}code,pre{font-family:ui-monospace,monospace;font-size:.92em;overflow-wrap:anywhere}
.lead{font-size:1.2rem;margin:.4rem 0 1.2rem}.faint{color:var(--faint)}.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr));gap:1.2rem}
figure{margin:0;padding:1rem;background:var(--box);border:1px solid var(--line);border-radius:8px}figcaption{font-weight:600;margin-bottom:.6rem}figure.wide{grid-column:1/-1}figure svg{width:100%;height:auto}figure.wide svg{max-width:50rem}figure>svg[preserveAspectRatio=none]{height:28px}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:.6rem 0 0;padding:0}.legend svg{width:12px;height:12px}
svg text{fill:var(--fg);font:11px system-ui,sans-serif}svg .axis{stroke:var(--faint);stroke-dasharray:3 3}
rect.fail{fill:var(--fail)}rect.warn{fill:var(--warn)}rect.unknown{fill:var(--unknown)}rect.waived{fill:var(--waived)}rect.pass{fill:var(--pass)}rect.none{fill:var(--none)}
table{border-collapse:collapse;width:100%;margin:.4rem 0 1rem}caption{text-align:left;color:var(--faint);padding-bottom:.3rem}th,td{border-bottom:1px solid var(--line);padding:.4rem .6rem;text-align:left;vertical-align:top}th{font-weight:600;white-space:nowrap}td ul{margin:0;padding-left:1.1rem}
.verdict{font-weight:700;white-space:nowrap}.verdict.fail{color:var(--fail)}.verdict.warn{color:var(--warn)}.verdict.unknown{color:var(--unknown)}.verdict.waived{color:var(--waived)}.verdict.pass{color:var(--pass)}.verdict.none{color:var(--none)}
.scroll{overflow-x:auto}
@media print{body{max-width:none;padding:0;font-size:11px}figure,tr{break-inside:avoid}h3{break-after:avoid}}
`.trim();
