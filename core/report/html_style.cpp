#include "core/report/html_style.hpp"

namespace sentio {

std::string_view page_style() {
  return R"css(
:root{color-scheme:light dark;--paper:#faf9f6;--card:#fff;--ink:#1c2024;--soft:#626a73;--hair:#e3e0d8;--accent:#1f6f78;
--gain:#2c7a4b;--loss:#b23f28;--cost:#b17d1e;--s1:#1f6f78;--s2:#b17d1e;--s3:#6b4f9e;--s4:#8a9099;--s5:#b4506f;--s6:#47709e;
--note:#fff6df;--note-ink:#6b4d0c;--note-hair:#ecd9a6}
@media (prefers-color-scheme:dark){:root{--paper:#121518;--card:#191d21;--ink:#e9e7e2;--soft:#9aa2ab;--hair:#2b3036;
--accent:#62b5bb;--gain:#6fbf8b;--loss:#e5826a;--cost:#d9ae5c;--s1:#62b5bb;--s2:#d9ae5c;--s3:#a990dd;--s4:#7f8790;--s5:#dd86a3;
--s6:#86aeda;--note:#2c2618;--note-ink:#ecd39a;--note-hair:#4d4223}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
font-variant-numeric:tabular-nums}
main{max-width:1080px;margin:0 auto;padding:0 28px 64px;overflow-x:clip}
header{padding:44px 0 8px}
.kicker{color:var(--soft);font-size:13px;letter-spacing:.02em;margin:0 0 14px}
.kicker b{color:var(--ink);font-weight:600}
h1{font:400 34px/1.25 "Iowan Old Style","Palatino Linotype",Palatino,Georgia,"Noto Serif",serif;letter-spacing:-.01em;margin:0 0 18px;
max-width:26em;text-wrap:balance}
h2{font:400 23px/1.3 "Iowan Old Style","Palatino Linotype",Palatino,Georgia,"Noto Serif",serif;margin:0 0 6px}
h3{font-size:14px;font-weight:600;margin:22px 0 6px}
section{border-top:1px solid var(--hair);margin-top:44px;padding-top:22px}
.how{color:var(--soft);max-width:44em;margin:0 0 18px}
.note{background:var(--note);color:var(--note-ink);border:1px solid var(--note-hair);border-radius:6px;padding:10px 14px;margin:0 0 20px;font-weight:600}
.alarm{background:transparent;color:var(--loss);border:1px solid var(--loss);border-radius:6px;padding:10px 14px;margin:0 0 20px}
.alarm ul,.notes{margin:0;padding-left:1.15em}
.notes{color:var(--soft);max-width:48em}
.notes li{margin:3px 0}
.key{display:grid;grid-template-columns:repeat(auto-fit,minmax(158px,1fr));gap:1px;background:var(--hair);border:1px solid var(--hair);
border-radius:8px;overflow:hidden;margin:26px 0 24px}
.key div{background:var(--card);padding:14px 16px 12px}
.key dt,.key dd.below{color:var(--soft);font-size:12.5px;line-height:1.35;letter-spacing:0;font-weight:400;white-space:normal}
.key dd{margin:0;font-size:21px;font-weight:500;letter-spacing:-.015em;line-height:1.35;white-space:nowrap}
.key .met::before{content:"\2713  ";color:var(--gain)}
.key .missed::before{content:"\2717  ";color:var(--loss)}
figure{margin:0 0 24px;min-width:0}
figcaption{font-size:13.5px;font-weight:600;margin:0 0 8px}
figcaption small{font-weight:400;color:var(--soft);font-size:13px}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:8px 40px}
.plot{display:grid;grid-template-columns:62px minmax(0,1fr);grid-template-rows:var(--h) 22px}
.plot svg{width:100%;height:var(--h);display:block;overflow:visible}
.plot .y,.plot .x{position:relative;color:var(--soft);font-size:11.5px;line-height:14px}
.plot .y span{position:absolute;right:9px;transform:translateY(-50%);white-space:nowrap}
.plot .x{grid-column:2}
.plot .x span{position:absolute;top:6px;transform:translateX(-50%);white-space:nowrap}
.plot .x .first{transform:none}
.plot .x .last{transform:translateX(-100%)}
svg path{fill:none;vector-effect:non-scaling-stroke;stroke-linejoin:round;stroke-linecap:round}
svg .grid{stroke:var(--hair);stroke-width:1}
svg .zero{stroke:var(--soft);stroke-width:1}
svg .mark{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:4 4}
svg .net{stroke:var(--accent);stroke-width:1.75}
svg .price{stroke:var(--soft);stroke-width:1.25}
svg path.wash{fill:var(--accent);fill-opacity:.09;stroke:none}
svg path.fall{fill:var(--loss);fill-opacity:.22;stroke:var(--loss);stroke-width:1}
svg .s1{stroke:var(--s1);stroke-width:1.75}svg .s2{stroke:var(--s2);stroke-width:1.75}svg .s3{stroke:var(--s3);stroke-width:1.75}
svg .s4{stroke:var(--s4);stroke-width:1.75}svg .s5{stroke:var(--s5);stroke-width:1.75}svg .s6{stroke:var(--s6);stroke-width:1.75}
svg path.faint{stroke-opacity:.4}
svg .dot{stroke-width:7}svg .dot.small{stroke-width:3.5;stroke-opacity:.75}svg .dot.speck{stroke-width:2.5;stroke-opacity:.45}svg .price.over{stroke:var(--ink);stroke-width:1}svg .dot.in{stroke:var(--accent)}
svg .dot.won{stroke:var(--gain)}svg .dot.lost{stroke:var(--loss)}
svg rect.gain{fill:var(--gain)}svg rect.loss{fill:var(--loss)}svg rect.plain{fill:var(--s1);fill-opacity:.75}
svg rect.held-gain{fill:var(--gain);fill-opacity:.13}svg rect.held-loss{fill:var(--loss);fill-opacity:.13}
svg rect:hover{fill-opacity:1}svg rect.held-gain:hover,svg rect.held-loss:hover{fill-opacity:.28}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 18px;margin:8px 0 0 62px;padding:0;color:var(--soft);font-size:12.5px}
.legend.wide{margin-left:0}
.legend i{display:inline-block;width:9px;height:9px;border-radius:50%;margin-right:6px;background:var(--soft)}
.legend i.in,.legend i.s1,.legend i.net{background:var(--s1)}.legend i.s2{background:var(--s2)}.legend i.s3{background:var(--s3)}
.legend i.s4{background:var(--s4)}.legend i.s5{background:var(--s5)}.legend i.s6{background:var(--s6)}
.legend i.won,.legend i.gain{background:var(--gain)}.legend i.lost,.legend i.loss{background:var(--loss)}
.legend i.band{border-radius:2px;opacity:.35;background:var(--gain)}
.bars{display:grid;grid-template-columns:max-content minmax(0,1fr) max-content;gap:7px 14px;align-items:center;font-size:14px}
.bars .track{position:relative;height:18px;background:linear-gradient(var(--hair),var(--hair)) center/100% 1px no-repeat}
.bars .track i{position:absolute;top:2px;bottom:2px;border-radius:2px;min-width:2px;background:var(--s1)}
.bars .track i.gain{background:var(--gain)}.bars .track i.loss{background:var(--loss)}.bars .track i.cost{background:var(--cost)}
.bars b{font-weight:500;text-align:right}
table.fit td,table.fit th{white-space:normal}
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch;margin:0 0 20px}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th,td{padding:6px 12px 6px 0;text-align:right;white-space:nowrap;border-bottom:1px solid var(--hair)}
th:last-child,td:last-child{padding-right:2px}
th{color:var(--soft);font-weight:400;font-size:12.5px;vertical-align:bottom}
th:first-child,td.t{text-align:left}
th button{all:unset;cursor:pointer}th button:focus-visible{outline:2px solid var(--accent)}
th[aria-sort] button{color:var(--ink)}
th[aria-sort=ascending] button::after{content:" \2191"}th[aria-sort=descending] button::after{content:" \2193"}
tbody tr:hover{background:var(--card)}
tr.own td{font-weight:600}
td.gain,b.gain,dd.gain{color:var(--gain)}td.loss,b.loss,dd.loss{color:var(--loss)}td.why{white-space:normal;min-width:260px;text-align:left;color:var(--soft)}
details{border-bottom:1px solid var(--hair)}
summary{cursor:pointer;padding:11px 0;display:flex;flex-wrap:wrap;gap:4px 18px;align-items:baseline;list-style:none}
summary::-webkit-details-marker{display:none}
summary::before{content:"\25B8";color:var(--soft);font-size:12px}details[open] summary::before{content:"\25BE"}
summary b{min-width:4em}summary span{color:var(--soft);font-size:13.5px}summary span.gain{color:var(--gain)}summary span.loss{color:var(--loss)}
details .pair{padding:6px 0 4px}
footer{color:var(--soft);font-size:13px;border-top:1px solid var(--hair);margin-top:44px;padding-top:18px;max-width:none}
@media (max-width:720px){main{padding:0 16px 48px}header{padding-top:28px}h1{font-size:25px}h2{font-size:20px}
.pair{grid-template-columns:minmax(0,1fr)}.key{grid-template-columns:1fr 1fr}.key dd{font-size:20px}.key dd.below{font-size:12px}.key div{padding:11px 12px 10px}
.plot{grid-template-columns:54px minmax(0,1fr)}.legend{margin-left:54px}.legend.wide{margin-left:0}.plot .x .minor{display:none}section{margin-top:34px}
.bars{gap:7px 10px;font-size:13px}}
@media print{section{break-inside:avoid}details{break-inside:avoid}}
)css";
}

std::string_view page_script() {
  return R"js(
document.querySelectorAll("table.sort").forEach(function(table){
  table.querySelectorAll("th button").forEach(function(button,column){
    button.addEventListener("click",function(){
      var head=button.parentNode,body=table.tBodies[0];
      var up=head.getAttribute("aria-sort")!=="ascending";
      table.querySelectorAll("th").forEach(function(other){other.removeAttribute("aria-sort");});
      head.setAttribute("aria-sort",up?"ascending":"descending");
      var value=function(row){
        var cell=row.cells[column],given=cell.getAttribute("data-v");
        return given===null?cell.textContent:Number(given);
      };
      Array.from(body.rows).sort(function(a,b){
        var x=value(a),y=value(b);
        var order=typeof x==="number"&&typeof y==="number"?x-y:String(x).localeCompare(String(y));
        return up?order:-order;
      }).forEach(function(row){body.appendChild(row);});
    });
  });
});
)js";
}

} // namespace sentio
