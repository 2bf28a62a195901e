import { useRoute } from "vitepress";
import DefaultTheme from "vitepress/theme";
import { nextTick, onMounted, watch } from "vue";
import "./style.css";

export default {
  extends: DefaultTheme,
  setup() {
    // The theme's front page has no main landmark, which readers of screens jump to.
    const mark = () => document.querySelector(".VPHome")?.setAttribute("role", "main");
    const route = useRoute();
    onMounted(mark);
    watch(
      () => route.path,
      () => nextTick(mark),
    );
  },
};
