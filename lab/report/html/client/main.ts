/** The report page's own script. The page already holds all data; the script adds filters, details and the comparison. */
import { networkFrom } from '../../../network/network.ts';
import { chooseNetwork } from '../../../network/topology.ts';
import type { PageData } from '../page-data.ts';
import { addComparison } from './compare-rule-sets.ts';
import { Detail } from './detail.ts';
import { byId } from './dom.ts';
import { addFilters } from './filters.ts';
import { Matrix } from './matrix.ts';
import { markMore } from './more.ts';

const data = JSON.parse(byId('data').textContent ?? '') as PageData;
if (data.network) chooseNetwork(networkFrom(data.network));
const matrix = new Matrix((index) => detail.open(index));
const detail: Detail = new Detail(data, (index) => matrix.focus(index));
addFilters(data, (wanted) => {
  matrix.show(wanted);
  detail.walk(wanted);
});
addComparison(data, (index) => detail.open(index));
byId('hint').hidden = false;
markMore();
detail.openLinked();
