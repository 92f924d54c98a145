import { App } from 'cdktf';
import { AnotherServer } from './another-server.ts';
import { ThirdSubnet } from './third-subnet.ts';

const app = new App();
new ThirdSubnet(app, 'third-subnet', 50);
new AnotherServer(app, 'another-server', 51);
app.synth();
