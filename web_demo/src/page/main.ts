import {Page} from './pageController.js';

void new Page().start();
