// Loads the packages that the app imports when it needs them: a world could otherwise notice how long its first
// import takes. The build compares this list with the app.
import '@azure/arm-resourcegraph';
import '@azure/core-rest-pipeline';
import '@azure/data-tables';
import '@azure/eventgrid';
import '@azure/identity';
import '@azure/monitor-opentelemetry-exporter';
import '@azure/storage-blob';
import '@azure/storage-queue';
import '@opentelemetry/resources';
