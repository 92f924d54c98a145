import { exposureStyle } from '../svg/exposure-bars.ts';
import { ladderStyle } from '../svg/ladder-svg.ts';
import { networkStyle } from '../svg/network-svg.ts';
import { themeOf } from '../svg/theme.ts';

/** The page's style: from 400 pixels of width up, usable by keyboard, light and dark, and printable on A4. */
export const pageStyle = `${themeOf(':root')}
${networkStyle}
${ladderStyle}
${exposureStyle}
*{box-sizing:border-box}
[hidden]{display:none!important}
body{margin:0;font:15px/1.5 system-ui,sans-serif;background:var(--paper);color:var(--ink)}
header,main{max-width:76rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.5rem}
h1{font-size:1.6rem;line-height:1.2;margin:.1rem 0 .6rem}
h2{font-size:1.15rem;margin:2rem 0 .6rem}
h3{font-size:1rem;margin:1.4rem 0 .4rem}
.kicker,.faint,.question{color:var(--faint)}
.kicker{margin:0;font-size:.85rem}
.state{display:table;margin:0 0 .4rem;padding:.15rem .7rem;border-radius:1rem;font-weight:600}
.state.calm{background:var(--good-fill);color:var(--good)}
.state.calm::before{content:"\\2713\\a0"}
.state.neutral{background:var(--calm-fill)}
.state.cut{background:var(--mark);border:2px dashed var(--ink);border-radius:.4rem}
.state.cut::before{content:"\\26a0\\a0"}
.state.loud{border:2px solid var(--bad);border-radius:.4rem}
.state.loud::before{content:"\\2717\\a0"}
.state.loud,.loud{background:var(--bad-fill);color:var(--bad);font-weight:600}
figure{margin:1.5rem 0 0;overflow-x:auto}
.net{display:block;width:100%;max-width:680px;min-width:460px}
.answers dt{margin-top:.7rem}.answers dd{margin:0 0 0 1.2rem}.answers p{margin:.1rem 0}
.differing{padding-left:1.2rem}
a{color:var(--accent);overflow-wrap:anywhere}
.controls{display:flex;flex-wrap:wrap;gap:.5rem .8rem;margin:.4rem 0}
.controls label{display:flex;flex-direction:column;font-size:.8rem;color:var(--faint);min-width:7rem;flex:1 1 7rem;max-width:14rem}
select,button,.close{font:inherit;color:var(--ink);background:var(--panel);border:1px solid var(--line);border-radius:5px;padding:.25rem .5rem}
.controls select{width:100%}
.controls button{align-self:end}
button,summary{cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:1px}
.wide{overflow-x:auto;margin:.6rem 0 1rem}
.wide,.scroll,pre.rules{position:relative}
table{border-collapse:collapse;font-size:.86rem}
caption{text-align:left;font-weight:600;padding:.3rem 0}
th{text-align:left;font-weight:500;padding:.1rem .5rem .1rem 0;white-space:nowrap}
thead th{color:var(--faint)}
.matrix td{padding:1px}
.matrix tbody th,.matrix thead tr>:first-child{position:sticky;left:0;background:var(--paper);z-index:1}
.matrix .first{border-left:1px solid var(--line);padding-left:.45rem}
.causes td{padding:1px .8rem 1px 0;white-space:nowrap}
.cell{width:3.6rem;padding:.1rem 0;border-color:transparent;border-radius:3px;text-align:center}
.causes .cell{width:auto;min-width:3.6rem;padding:.1rem .5rem}
.cell:hover{border-color:var(--accent)}
.up{background:var(--good-fill);color:var(--good)}
.blocked{background:var(--calm-fill);color:var(--ink)}
.failed{background:var(--paper);color:var(--bad);border:1px dashed var(--bad)}
.failed::before{content:"\\2717\\2009"}
.differs{background:repeating-linear-gradient(135deg,var(--bad-fill) 0 7px,var(--paper) 7px 10px);color:var(--bad);font-weight:700;border:2px solid var(--bad)}
.undecided{background:var(--mark);font-weight:700;border:1px dotted var(--ink)}
.missing{display:inline-block;background:repeating-linear-gradient(45deg,var(--calm-fill) 0 3px,var(--paper) 3px 7px);color:var(--faint);font-size:.7rem;border:1px dashed var(--line)}
.matrix .group th{position:static}
.group th{padding-top:.5rem;font-weight:600;color:var(--ink)}
.group span{position:sticky;left:0}
.legend .cell{display:inline-block;width:2.2rem;height:1.3rem;vertical-align:middle}
[data-more~=right]{-webkit-mask-image:linear-gradient(to left,transparent,#000 2.5rem);mask-image:linear-gradient(to left,transparent,#000 2.5rem)}
[data-more="left"]{-webkit-mask-image:linear-gradient(to right,transparent,#000 2.5rem);mask-image:linear-gradient(to right,transparent,#000 2.5rem)}
.wide[data-more="left"]{-webkit-mask-image:none;mask-image:none}
.out{visibility:hidden}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;color:var(--faint);font-size:.86rem}
.legend div{display:flex;gap:.4rem}.legend dt{font-weight:600}.legend dd{margin:0}
.aloud{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
dialog{width:min(68rem,100vw - 1rem);max-height:calc(100vh - 1rem);padding:0 1.2rem 1.2rem;border:1px solid var(--line);border-radius:10px;background:var(--paper);color:var(--ink)}
dialog::backdrop{background:#0008}
.bar{position:sticky;top:0;display:flex;gap:.6rem;align-items:center;justify-content:space-between;background:var(--paper);padding:.8rem 0 .5rem;border-bottom:1px solid var(--line);z-index:2}
.bar h2{margin:0;font-size:1rem;overflow-wrap:anywhere}
.bar div{display:flex;gap:.4rem;flex:none}
.sentence{font-size:1.05rem}
.scroll{overflow-x:auto}
.plain{border-collapse:collapse;width:100%}
.plain th,.plain td{padding:.15rem .8rem .15rem 0;border-bottom:1px solid var(--line);vertical-align:top;text-align:left;white-space:normal}
.plain td{overflow-wrap:anywhere}
.plain .short{white-space:nowrap;overflow-wrap:normal}
.pair .cell{width:3.2rem}
.same{color:var(--faint)}
code,pre,.mono{font:.84rem/1.5 ui-monospace,monospace}
pre.rules{margin:0;padding:.5rem;background:var(--panel);border-radius:6px;overflow-x:auto;white-space:pre}
.rules>span{display:block;width:max-content;min-width:100%}
.rules .decided,.rules .only{background:var(--mark);font-weight:700}
.rules .quiet{color:var(--faint)}
.ladder{display:block;max-width:none;font-variant-ligatures:none}
section>.scroll{border:1px solid var(--line);border-radius:6px;padding:.4rem}
pre.text{margin:.3rem 0;overflow-x:auto;white-space:pre}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:.4rem 1.2rem}
@media screen and (max-width:700px){
.causes,.causes caption,.causes tbody{display:block}
.causes thead{position:absolute;clip-path:inset(50%)}
.causes tbody tr{display:grid;grid-template-columns:1fr auto;gap:0 .6rem;padding:.35rem 0;border-bottom:1px solid var(--line)}
.causes tbody :is(th,td){grid-column:1;position:static;padding:0;white-space:normal}
.causes tbody td:has(button){grid-area:1/2/span 2}
}
@media (max-width:500px){header,main{padding-left:.7rem;padding-right:.7rem}.cell{width:3.1rem}dialog{padding:0 .7rem .7rem}}
@page{size:A4;margin:14mm}
@media print{
body{font-size:9.5pt}
main,header{max-width:none;padding:0}
.net{min-width:0;max-width:120mm}
.ladder{width:100%;height:auto}
pre.text{white-space:pre-wrap;overflow-wrap:anywhere}
.controls,.bar div,#hint,#count:empty{display:none!important}
[data-more]{-webkit-mask-image:none!important;mask-image:none!important}
.wide,.scroll,figure,pre.rules{overflow:visible}
pre.rules{white-space:pre-wrap;overflow-wrap:anywhere}.rules>span{width:auto}
table{font-size:7pt}
.matrix tbody th,.matrix thead tr>:first-child{position:static}
.cell{width:100%;padding:0 .1rem;font-size:6.5pt;border:0}
.legend .cell{width:1.6rem;height:.8rem}
.matrix td{padding:.5px}
.matrix .first{padding-left:.2rem}
.failed{border:.5px dashed}.differs{border:1px solid}.group span{position:static}
*{print-color-adjust:exact}
h2,h3,caption{break-after:avoid}tr,.answers dd,figure{break-inside:avoid}
body:has(dialog[open])>:not(dialog){display:none}
dialog[open]{position:absolute;inset:0 0 auto;margin:0;width:auto;max-width:none;max-height:none;border:0;padding:0;overflow:visible}
dialog::backdrop{display:none}
.bar{position:static}
}
`;
