# The tools of Postern without the app. `npm run package:cli` makes the tarball first.
#   docker build -t postern .
#   docker run --rm -v "$PWD:/work" postern validate policies
FROM node:24-slim
COPY dist/postern-cli-*.tgz /tmp/postern-cli.tgz
RUN npm install --global --offline --no-audit --no-fund /tmp/postern-cli.tgz && rm /tmp/postern-cli.tgz
USER node
WORKDIR /work
ENTRYPOINT ["postern"]
CMD ["help"]
