// How the page looks: no fonts, pictures or scripts from anywhere. Its digest is in the page's policy.

export const STYLE = `
:root{color-scheme:light;--ground:#fff;--raised:#f7f8fa;--line:#e3e6eb;--text:#1c2330;--soft:#5b6575;--link:#1a5fb4;
--code:#f1f3f6;--shade:#11161f;--on-shade:#e6ebf3;--get:#0b6bcb;--post:#17803d;--put:#9a5b00;--delete:#b3261e;
--must:#a8323e;--type:#6b3fa0}
@media (prefers-color-scheme:dark){:root{color-scheme:dark;--ground:#12161d;--raised:#181e27;--line:#2a323e;
--text:#e4e9f1;--soft:#9aa6b8;--link:#7db5ff;--code:#202835;--shade:#0b0e13;--on-shade:#d8e0ec;--get:#6cb2ff;
--post:#63d18b;--put:#f0b45a;--delete:#ff8a80;--must:#ff9aa2;--type:#c4a3ff}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.875em}
a{color:var(--link);text-decoration:none}
a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:4px}
.frame{display:grid;grid-template-columns:17.5rem minmax(0,1fr)}
.skip{position:absolute;left:-999px}
.skip:focus{left:1rem;top:1rem;background:var(--ground);padding:.5rem;z-index:2}
nav{position:sticky;top:0;height:100vh;overflow-y:auto;padding:1.5rem 1rem 2rem 1.5rem;border-right:1px solid var(--line);
background:var(--raised);font-size:.875rem}
nav .brand{font-weight:700;font-size:1.125rem;margin:0 0 1rem}
nav .brand small{font-weight:400;color:var(--soft);margin-left:.35rem}
nav h2{margin:1.25rem 0 .25rem;font-size:.75rem;letter-spacing:.06em;text-transform:uppercase}
nav h2 a{color:var(--soft)}
nav ul{list-style:none;margin:0;padding:0}
nav li a{display:flex;gap:.5rem;align-items:baseline;padding:.2rem .4rem;border-radius:4px;color:var(--text)}
nav li a:hover{background:var(--code);text-decoration:none}
nav .method{flex:none;width:2.9rem;font-size:.625rem;background:none;padding:0;border:0;text-align:left}
main{padding:2.5rem clamp(1rem,4vw,4rem) 5rem;max-width:86rem;min-width:0}
h1{font-size:2rem;line-height:1.2;margin:0 0 .75rem;letter-spacing:-.02em}
main>header p{max-width:46rem;color:var(--soft);margin:.5rem 0}
section>h2{margin:3.5rem 0 0;font-size:1.5rem;letter-spacing:-.01em;text-transform:capitalize}
section>p{color:var(--soft);margin:.25rem 0 0}
.operation{margin-top:1.5rem;padding:1.25rem 1.5rem 1.5rem;border:1px solid var(--line);border-radius:10px;min-width:0}
.operation:target{border-color:var(--link);box-shadow:0 0 0 1px var(--link)}
.operation header{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:baseline;justify-content:space-between}
h3{margin:0;font-size:1.125rem}
h3 a{color:inherit}
.access{font-size:.8125rem;color:var(--soft)}
.request{margin:.5rem 0 0;overflow-wrap:anywhere}
.method{display:inline-block;font:700 .75rem/1.5 ui-monospace,SFMono-Regular,Menlo,monospace;padding:.05rem .5rem;
border:1px solid currentColor;border-radius:5px}
.get{color:var(--get)}.post{color:var(--post)}.put{color:var(--put)}.delete{color:var(--delete)}
.summary{margin:.75rem 0 0;max-width:52rem}
.columns{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,22.5rem);gap:0 2rem}
h4{margin:1.25rem 0 .4rem;font-size:.8125rem;letter-spacing:.04em;text-transform:uppercase;color:var(--soft)}
h4 .must{text-transform:none;letter-spacing:0}
.status{font-family:ui-monospace,Menlo,monospace;color:var(--post)}
.rows{border-top:1px solid var(--line)}
.row{display:grid;grid-template-columns:9.5rem minmax(0,1fr);gap:0 1rem;padding:.5rem 0;
border-bottom:1px solid var(--line)}
.rows .rows{margin-top:.35rem}
.rows .rows .row{grid-template-columns:8rem minmax(0,1fr)}
.rows .rows .row:last-child{border-bottom:0;padding-bottom:0}
.member{overflow-wrap:anywhere}
.name{font-weight:600}
.must{margin-left:.5rem;white-space:nowrap;font-size:.75rem;font-weight:400;color:var(--must)}
.type{font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,monospace;color:var(--type);overflow-wrap:anywhere}
.notes{font-size:.8125rem;color:var(--soft)}
.about{min-width:0}
.about p,.columns p{margin:.15rem 0;font-size:.9375rem}
.kind{color:var(--soft);font-size:.875rem}
.one-of{margin:.4rem 0;padding:.25rem 0 .25rem .9rem;border-left:3px solid var(--line)}
p code,dd code,.about p code{background:var(--code);padding:.08em .35em;border-radius:4px}
.request code,.media code{background:none;padding:0}
pre{margin:0;padding:.9rem 1rem;background:var(--shade);color:var(--on-shade);border:1px solid var(--line);
border-radius:8px;overflow-x:auto;line-height:1.5}
pre code{font-size:.8125rem}
details{margin:.25rem 0}
summary{cursor:pointer;font-size:.875rem;color:var(--link);width:fit-content}
.refusals{margin-top:1rem}
dl{display:grid;grid-template-columns:3rem minmax(0,1fr);gap:.35rem .5rem;margin:.5rem 0 0;font-size:.875rem}
dt{font:600 .8125rem/1.7 ui-monospace,Menlo,monospace;color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
dd p,.columns dd p{margin:0 0 .3rem;font-size:.875rem}
.named{margin-top:1.5rem}
.contents{display:none}
@media (max-width:68rem){.columns{grid-template-columns:minmax(0,1fr)}}
@media (max-width:52rem){.frame{display:block}nav{display:none}
.contents{display:block;margin-top:1.25rem;padding:.75rem 1rem;border:1px solid var(--line);border-radius:8px;background:var(--raised)}
.contents ul{columns:2;margin:.5rem 0 0;padding:0;list-style:none;line-height:2}
main{padding-top:1.5rem}h1{font-size:1.625rem}.operation{padding:1rem}
.row,.rows .rows .row{grid-template-columns:minmax(0,1fr)}section>h2{margin-top:2.5rem}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@media print{nav,.contents{display:none}.frame{display:block}.operation{break-inside:avoid}}
`;
