// Each of these files registers its trigger when it is loaded.
import './follow-policy';
import './on-abandoned';
import './on-resource-event';
import './poll-operation';
import './review-target';
import './sweep';
import './tell-outcome';
