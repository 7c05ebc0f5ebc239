// What a page gains where scripts run. Without them it is all there to read, and every form works.
import { Button, CharacterCount, Checkboxes, ErrorSummary, Radios, ServiceNavigation, SkipLink, createAll } from "govuk-frontend";

import { drawCharts } from "./charts/draw";
import { makeSortable } from "./sortable";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Button, CharacterCount, Checkboxes, ErrorSummary, Radios, ServiceNavigation, SkipLink]) createAll(component);
drawCharts(document);
makeSortable(document);
