# The tools of Postern without the app. `npm run package:cli` makes the tarball first.
#   docker build -t postern .
#   docker run --rm -v "$PWD:/work" postern validate policies
FROM node:24-slim
COPY dist/postern-cli-*.tgz /tmp/tools/
RUN npm install --global --offline --no-audit --no-fund /tmp/tools/*.tgz && rm -r /tmp/tools
USER node
WORKDIR /work
ENTRYPOINT ["postern"]
CMD ["help"]
